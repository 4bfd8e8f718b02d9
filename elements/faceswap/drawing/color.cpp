#include "elements/faceswap/drawing/color.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::faceswap {

namespace {

/// Instead of 0 in a division or a root.
constexpr double least_eigenvalue = 1e-9, least_weight = 1e-6;
/// Places up to here lie between two cells.
constexpr float last_cell = tuning::color::cells - 1.001F;

/// Returns a symmetric matrix with f of its eigenvalues.
template <class Function> cv::Matx33d with_values(const cv::Matx33d& m, Function&& f) {
  cv::Vec3d values;
  cv::Matx33d vectors; // rows
  cv::eigen(m, values, vectors);
  for (int i = 0; i < 3; ++i)
    values[i] = f(values[i]);
  return vectors.t() * cv::Matx33d::diag(values) * vectors;
}

double root(double value) {
  return std::sqrt(std::max(value, 0.0));
}

} // namespace

Palette palette_of(const std::vector<cv::Vec3b>& colors, const std::vector<cv::Point2f>& places) {
  if (colors.empty() || colors.size() != places.size())
    throw std::invalid_argument("the numbers of colours and places differ");
  const double n = static_cast<double>(colors.size());
  Palette palette;
  cv::Vec2d middle;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    palette.mean += cv::Vec3d(colors[i][0], colors[i][1], colors[i][2]) / n;
    middle += cv::Vec2d(places[i].x, places[i].y) / n;
  }
  cv::Matx33d products = cv::Matx33d::zeros();
  cv::Matx32d mixed = cv::Matx32d::zeros();
  cv::Matx22d spread = cv::Matx22d::eye() * tuning::color::least_spread;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const cv::Vec3d c = cv::Vec3d(colors[i][0], colors[i][1], colors[i][2]) - palette.mean;
    const cv::Vec2d p = cv::Vec2d(places[i].x, places[i].y) - middle;
    products += c * c.t() * (1 / n);
    mixed += c * p.t() * (1 / n);
    spread += p * p.t() * (1 / n);
  }
  palette.slope = mixed * spread.inv();
  for (double& value : palette.slope.val)
    value = std::clamp(value, -tuning::color::most_slope, tuning::color::most_slope);
  palette.covariance = products - palette.slope * mixed.t() - mixed * palette.slope.t() +
                       palette.slope * spread * palette.slope.t();
  palette.mean -= palette.slope * middle; // at the face's centre
  return palette;
}

Palette blend(const Palette& old, const Palette& now, double share) {
  return {old.mean * (1 - share) + now.mean * share, old.slope * (1 - share) + now.slope * share,
          old.covariance * (1 - share) + now.covariance * share};
}

Transfer transfer(const Palette& from, const Palette& to) {
  const cv::Matx33d noise = cv::Matx33d::eye() * tuning::color::floor_variance;
  const cv::Matx33d spread = with_values(from.covariance + noise, root);
  const cv::Matx33d back =
      with_values(from.covariance + noise, [](double v) { return 1 / root(std::max(v, least_eigenvalue)); });
  const cv::Matx33d middle = with_values(spread * (to.covariance + noise) * spread, root);
  Transfer out;
  out.gain = with_values(back * middle * back, [](double v) {
    return std::clamp(v, tuning::color::least_gain, tuning::color::most_gain);
  });
  out.shift = to.mean - out.gain * from.mean;
  out.slope = to.slope - out.gain * from.slope;
  return out;
}

cv::Vec3d transferred(const Transfer& transfer, const cv::Vec3d& c, cv::Point2f p) {
  return transfer.gain * c + transfer.shift + transfer.slope * cv::Vec2d(p.x, p.y);
}

namespace {

/// Returns a difference of light with a limited colour: reflections of glasses are blue, a lamp hardly
/// colours a part of a face.
cv::Vec3f hardly_coloured(const cv::Vec3f& difference) {
  const cv::Vec3f grey = cv::Vec3f::all((difference[0] + difference[1] + difference[2]) / 3);
  const cv::Vec3f colour = difference - grey;
  const auto length = static_cast<float>(cv::norm(colour));
  return length > tuning::color::most_colour ? grey + colour * (tuning::color::most_colour / length)
                                             : difference;
}

} // namespace

void Light::learn(const std::vector<cv::Vec3f>& differences, const std::vector<cv::Point2f>& places,
                  double share) {
  if (differences.size() != places.size())
    throw std::invalid_argument("the numbers of differences and places differ");
  cv::Mat sum(tuning::color::cells, tuning::color::cells, CV_32FC3, cv::Scalar::all(0)),
      weight(tuning::color::cells, tuning::color::cells, CV_32FC1, cv::Scalar(0));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const int x =
        std::clamp(static_cast<int>(places[i].x * tuning::color::cells), 0, tuning::color::cells - 1);
    const int y =
        std::clamp(static_cast<int>(places[i].y * tuning::color::cells), 0, tuning::color::cells - 1);
    const cv::Vec3f& d = differences[i];
    const float away = static_cast<float>(cv::norm(d)) /
                       (d[0] + d[1] + d[2] < 0 ? tuning::color::odd_dark : tuning::color::odd_light);
    const float counts = 1 / (1 + away * away);
    sum.at<cv::Vec3f>(y, x) += differences[i] * counts;
    weight.at<float>(y, x) += counts;
  }
  cv::GaussianBlur(sum, sum, {0, 0}, tuning::color::softness, tuning::color::softness, cv::BORDER_CONSTANT);
  cv::GaussianBlur(weight, weight, {0, 0}, tuning::color::softness, tuning::color::softness,
                   cv::BORDER_CONSTANT);
  // where no colour is known, the light of the whole face is the best estimate
  const double whole = std::max(cv::mean(weight)[0], least_weight);
  cv::Mat now(tuning::color::cells, tuning::color::cells, CV_32FC3);
  for (int y = 0; y < tuning::color::cells; ++y)
    for (int x = 0; x < tuning::color::cells; ++x)
      now.at<cv::Vec3f>(y, x) =
          sum.at<cv::Vec3f>(y, x) *
          (1 / (weight.at<float>(y, x) + static_cast<float>(tuning::color::doubt * whole)));
  if (grid_.empty())
    grid_ = now;
  else
    cv::addWeighted(grid_, 1 - share, now, share, 0, grid_);
}

cv::Vec3f Light::at(cv::Point2f place) const {
  if (grid_.empty())
    return {};
  const float x = std::clamp(place.x * tuning::color::cells - 0.5F, 0.F, last_cell);
  const float y = std::clamp(place.y * tuning::color::cells - 0.5F, 0.F, last_cell);
  const int column = static_cast<int>(x), row = static_cast<int>(y);
  const float right = x - static_cast<float>(column), down = y - static_cast<float>(row);
  const auto* upper = grid_.ptr<cv::Vec3f>(row) + column;
  const auto* lower = grid_.ptr<cv::Vec3f>(row + 1) + column;
  return hardly_coloured((upper[0] * (1 - right) + upper[1] * right) * (1 - down) +
                         (lower[0] * (1 - right) + lower[1] * right) * down);
}

} // namespace deid::faceswap
