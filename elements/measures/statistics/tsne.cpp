#include "elements/measures/statistics/tsne.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace deid::statistics {

namespace {

constexpr double tiny = std::numeric_limits<double>::epsilon();

cv::Mat squared_distances(const cv::Mat& rows) {
  cv::Mat d(rows.rows, rows.rows, CV_64F, cv::Scalar(0));
  for (int i = 0; i < rows.rows; ++i)
    for (int j = i + 1; j < rows.rows; ++j)
      d.at<double>(i, j) = d.at<double>(j, i) = cv::norm(rows.row(i), rows.row(j), cv::NORM_L2SQR);
  return d;
}

/// Fills one row of conditional probabilities; returns their entropy.
double probabilities(const double* distances, int n, int self, double beta, double* p) {
  double sum = 0, weighted = 0;
  for (int j = 0; j < n; ++j) {
    p[j] = j == self ? 0 : std::exp(-distances[j] * beta);
    sum += p[j];
  }
  sum = sum == 0 ? 1e-8 : sum;
  for (int j = 0; j < n; ++j) {
    p[j] /= sum;
    weighted += distances[j] * p[j];
  }
  return std::log(sum) + beta * weighted;
}

/// Bisection for a row's width. beta is the inverse of the width.
struct Width {
  double beta = 1, low = -std::numeric_limits<double>::infinity(),
         high = std::numeric_limits<double>::infinity();

  void widen() { // less entropy is wanted
    low = beta;
    beta = std::isinf(high) ? beta * 2 : (beta + high) / 2;
  }
  void narrow() {
    high = beta;
    beta = std::isinf(low) ? beta / 2 : (beta + low) / 2;
  }
};

/// Fills one row of conditional probabilities with this entropy.
void fit_row(const double* distances, int n, int self, double entropy, double* p) {
  constexpr int most_steps = 100;
  constexpr double near_enough = 1e-5;
  Width width;
  for (int step = 0; step < most_steps; ++step) {
    const double off = probabilities(distances, n, self, width.beta, p) - entropy;
    if (std::abs(off) <= near_enough)
      break;
    if (off > 0)
      width.widen();
    else
      width.narrow();
  }
}

/// Joint probabilities, n x n: each row's width is such that its entropy is log(perplexity).
cv::Mat joint(const cv::Mat& distances, double perplexity) {
  const int n = distances.rows;
  cv::Mat p(n, n, CV_64F);
  for (int i = 0; i < n; ++i)
    fit_row(distances.ptr<double>(i), n, i, std::log(perplexity), p.ptr<double>(i));
  cv::Mat both = p + p.t();
  both /= std::max(cv::sum(both)[0], tiny);
  return cv::max(both, tiny);
}

/// The two principal components, the first scaled to a standard deviation of 1e-4.
cv::Mat first_places(const cv::Mat& rows) {
  cv::Mat mean, values, vectors, covariance;
  cv::reduce(rows, mean, 0, cv::REDUCE_AVG);
  const cv::Mat centred = rows - cv::repeat(mean, rows.rows, 1);
  cv::mulTransposed(centred, covariance, true);
  cv::eigen(covariance, values, vectors);
  cv::Mat places(rows.rows, 2, CV_64F, cv::Scalar(0));
  for (int k = 0; k < std::min(2, vectors.rows); ++k) {
    const cv::Mat axis = vectors.row(k).t();
    cv::Point least, most;
    cv::minMaxLoc(axis, nullptr, nullptr, &least, &most);
    const bool turn =
        std::abs(axis.at<double>(least.y)) > axis.at<double>(most.y); // an axis has no sign of its own
    places.col(k) = centred * axis * (turn ? -1. : 1.);
  }
  cv::Scalar middle, spread;
  cv::meanStdDev(places.col(0), middle, spread);
  return spread[0] > 0 ? cv::Mat(places / spread[0] * 1e-4) : places;
}

/// Gradient descent with momentum and a gain for each coordinate.
class Descent {
public:
  Descent(const cv::Mat& p, const cv::Mat& places)
      : p_(p), y_(places.clone()), update_(y_.size(), CV_64F, cv::Scalar(0)),
        gains_(y_.size(), CV_64F, cv::Scalar(1)), gradient_(y_.size(), CV_64F), near_(p.size(), CV_64F) {}

  /// Begins without momentum.
  void run(int steps, double exaggeration, double momentum, double rate) {
    update_ = cv::Scalar(0);
    gains_ = cv::Scalar(1);
    for (int step = 0; step < steps; ++step) {
      gradient(exaggeration);
      for (int i = 0; i < y_.rows; ++i)
        for (int k = 0; k < 2; ++k) {
          double &gain = gains_.at<double>(i, k), &update = update_.at<double>(i, k);
          const double slope = gradient_.at<double>(i, k);
          gain = std::max(.01, update * slope < 0 ? gain + .2 : gain * .8);
          update = momentum * update - rate * gain * slope;
          y_.at<double>(i, k) += update;
        }
    }
  }
  /// Of the true probabilities.
  double divergence() {
    const double sum = neighbourhood();
    double kl = 0;
    for (int i = 0; i < p_.rows; ++i)
      for (int j = 0; j < p_.rows; ++j)
        if (i != j) {
          const double p = p_.at<double>(i, j);
          kl += p * std::log(p / std::max(near_.at<double>(i, j) / sum, tiny));
        }
    return kl;
  }
  [[nodiscard]] const cv::Mat& places() const { return y_; }

private:
  /// near_ = 1 / (1 + d^2); returns its sum.
  double neighbourhood() {
    double sum = 0;
    for (int i = 0; i < y_.rows; ++i) {
      near_.at<double>(i, i) = 0;
      for (int j = i + 1; j < y_.rows; ++j) {
        const double dx = y_.at<double>(i, 0) - y_.at<double>(j, 0),
                     dy = y_.at<double>(i, 1) - y_.at<double>(j, 1);
        const double near = 1 / (1 + dx * dx + dy * dy);
        near_.at<double>(i, j) = near_.at<double>(j, i) = near;
        sum += 2 * near;
      }
    }
    return sum;
  }
  void gradient(double exaggeration) {
    const double sum = neighbourhood();
    for (int i = 0; i < y_.rows; ++i) {
      double gx = 0, gy = 0;
      const double *p = p_.ptr<double>(i), *near = near_.ptr<double>(i);
      const double x = y_.at<double>(i, 0), y = y_.at<double>(i, 1);
      for (int j = 0; j < y_.rows; ++j) {
        const double pull = (exaggeration * p[j] - std::max(near[j] / sum, tiny)) * near[j];
        gx += pull * (x - y_.at<double>(j, 0));
        gy += pull * (y - y_.at<double>(j, 1));
      }
      gradient_.at<double>(i, 0) = 4 * gx;
      gradient_.at<double>(i, 1) = 4 * gy;
    }
  }

  const cv::Mat& p_;
  cv::Mat y_, update_, gains_, gradient_, near_;
};

/// Indices of all others by distance from i, nearest first.
std::vector<int> by_distance(const cv::Mat& distances, int i) {
  std::vector<int> order;
  for (int j = 0; j < distances.rows; ++j)
    if (j != i)
      order.push_back(j);
  std::ranges::stable_sort(order, {}, [&](int j) { return distances.at<double>(i, j); });
  return order;
}

} // namespace

Tsne tsne(const cv::Mat& rows, const TsneRule& rule) {
  if (rows.type() != CV_64F || rows.rows < 4)
    throw std::invalid_argument("t-SNE needs at least 4 rows of doubles");
  const double n = rows.rows;
  Tsne result;
  result.perplexity = std::min(rule.perplexity, (n - 1) / 3);
  const cv::Mat p = joint(squared_distances(rows), result.perplexity);
  constexpr double exaggeration = 12;
  constexpr int early = 250;
  const double rate = std::max(n / exaggeration / 4, 50.);
  Descent descent(p, first_places(rows));
  descent.run(std::min(early, rule.iterations), exaggeration, .5, rate);
  descent.run(std::max(0, rule.iterations - early), 1, .8, rate);
  result.kl = descent.divergence();
  for (int i = 0; i < rows.rows; ++i)
    result.points.emplace_back(descent.places().at<double>(i, 0), descent.places().at<double>(i, 1));
  return result;
}

double trustworthiness(const cv::Mat& rows, const std::vector<cv::Point2d>& points, int k) {
  const int n = rows.rows;
  const cv::Mat high = squared_distances(rows);
  const cv::Mat low = squared_distances(cv::Mat(n, 2, CV_64F, const_cast<cv::Point2d*>(points.data())));
  double penalty = 0;
  for (int i = 0; i < n; ++i) {
    const std::vector<int> order = by_distance(high, i), neighbours = by_distance(low, i);
    std::vector<int> rank(static_cast<std::size_t>(n));
    for (std::size_t r = 0, first = 0; r < order.size(); ++r) {
      if (high.at<double>(i, order[r]) > high.at<double>(i, order[first]))
        first = r; // rows at one distance share the best rank
      rank[static_cast<std::size_t>(order[r])] = static_cast<int>(first) + 1;
    }
    for (int j = 0; j < k; ++j)
      penalty += std::max(0, rank[static_cast<std::size_t>(neighbours[static_cast<std::size_t>(j)])] - k);
  }
  return 1 - penalty * 2 / (static_cast<double>(n) * k * (2. * n - 3. * k - 1));
}

} // namespace deid::statistics
