#include "models/openpose/decode.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace deid::models {
namespace {

/// Whether a place is a peak: no neighbour is higher. Of equal neighbours the first in reading order is the
/// peak, so a plateau of two has one. at: value of a place, or -infinity where there is none.
template <class At> bool is_peak(const At& at, cv::Point place) {
  const double value = at(place);
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx) {
      if (dx == 0 && dy == 0)
        continue;
      const double other = at(place + cv::Point(dx, dy));
      const bool earlier = dy < 0 || (dy == 0 && dx < 0);
      if (other > value || (earlier && other == value))
        return false;
    }
  return true;
}

constexpr double nothing = -std::numeric_limits<double>::infinity();

/// Offset of the top of the parabola through three equally spaced values from the middle one [-.5, .5].
double top(double before, double middle, double after) {
  const double curve = before - 2 * middle + after;
  return curve < 0 ? std::clamp((before - after) / (2 * curve), -.5, .5) : 0.;
}

PartPeak gaussian(const cv::Mat& map, int x, int y) {
  PartPeak peak{{x + .5, y + .5}, map.at<float>(y, x)};
  // Far from the peak a map's values swing around 0. Without a floor their logarithms would dominate the fit.
  const double floor = 1e-3 * peak.score;
  const auto log_at = [&](int column, int row) {
    return std::log(std::max<double>(map.at<float>(row, column), floor));
  };
  // At the border one neighbour is missing. The peak then stays at the cell's centre.
  if (x > 0 && x + 1 < map.cols)
    peak.at.x += top(log_at(x - 1, y), log_at(x, y), log_at(x + 1, y));
  if (y > 0 && y + 1 < map.rows)
    peak.at.y += top(log_at(x, y - 1), log_at(x, y), log_at(x, y + 1));
  return peak;
}

std::vector<PartPeak> gaussian_peaks(const cv::Mat& map, float threshold) {
  const auto at = [&](cv::Point place) -> double {
    return cv::Rect({0, 0}, map.size()).contains(place) ? map.at<float>(place) : nothing;
  };
  std::vector<PartPeak> peaks;
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x)
      if (map.at<float>(y, x) >= threshold && map.at<float>(y, x) > 0 && is_peak(at, {x, y}))
        peaks.push_back(gaussian(map, x, y));
  return peaks;
}

/// One cell of the map, enlarged `zoom` times, and one place beyond it on every side.
class Enlarged {
public:
  static constexpr int zoom = 8;

  Enlarged(const cv::Mat& map, cv::Point cell) : map_(map), cell_(cell) {
    const auto& weight = weights();
    std::array<std::array<double, taps>, side> rows{}; // enlarged vertically only
    for (int i = 0; i < side; ++i)
      for (int row = 0; row < taps; ++row)
        for (int column = 0; column < taps; ++column)
          rows[index(i)][index(column)] += weight[index(i)][index(row)] * value(column, row);
    for (int i = 0; i < side; ++i)
      for (int j = 0; j < side; ++j)
        for (int column = 0; column < taps; ++column)
          values_[index(i)][index(j)] += weight[index(j)][index(column)] * rows[index(i)][index(column)];
  }

  /// Adds the peaks inside the cell that have at least the height `threshold`.
  void add_peaks(float threshold, std::vector<PartPeak>& peaks) const {
    const auto all = [this](cv::Point place) { return at(place); };
    for (int y = 0; y < zoom; ++y)
      for (int x = 0; x < zoom; ++x)
        if (at({x, y}) >= threshold && is_peak(all, {x, y}))
          peaks.push_back({{cell_.x + (x + .5 + along({x, y}, {1, 0})) / zoom,
                            cell_.y + (y + .5 + along({x, y}, {0, 1})) / zoom},
                           static_cast<float>(at({x, y}))});
  }

private:
  static constexpr int side = zoom + 2;
  static constexpr int taps = 5; ///< cells that the kernel spans
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  /// Weights of the neighbouring cells for each enlarged place: the cubic kernel with a = -.75, as OpenPose
  /// (OpenCV) uses it.
  static const std::array<std::array<double, taps>, side>& weights() {
    static const auto table = [] {
      std::array<std::array<double, taps>, side> all{};
      for (int i = 0; i < side; ++i)
        for (int tap = 0; tap < taps; ++tap)
          all[index(i)][index(tap)] = kernel(std::abs((i - .5) / zoom - .5 + taps / 2 - tap));
      return all;
    }();
    return table;
  }

  static double kernel(double away) {
    constexpr double a = -.75;
    if (away <= 1)
      return ((a + 2) * away - (a + 3)) * away * away + 1;
    return away < 2 ? a * (((away - 5) * away + 8) * away - 4) : 0.;
  }

  /// A neighbouring cell; outside the map, that of the edge.
  [[nodiscard]] double value(int column, int row) const {
    return map_.at<float>(std::clamp(cell_.y + row - taps / 2, 0, map_.rows - 1),
                          std::clamp(cell_.x + column - taps / 2, 0, map_.cols - 1));
  }

  /// place: [-1, zoom] from the cell's corner. -infinity outside the map.
  [[nodiscard]] double at(cv::Point place) const {
    const cv::Point whole = cell_ * zoom + place;
    const bool inside =
        whole.x >= 0 && whole.y >= 0 && whole.x < map_.cols * zoom && whole.y < map_.rows * zoom;
    return inside ? values_[index(place.y + 1)][index(place.x + 1)] : nothing;
  }

  [[nodiscard]] double along(cv::Point place, cv::Point step) const {
    const double before = at(place - step);
    const double after = at(place + step);
    return before > nothing && after > nothing ? top(before, at(place), after) : 0.;
  }

  const cv::Mat& map_;
  cv::Point cell_;
  std::array<std::array<double, side>, side> values_{};
};

std::vector<PartPeak> bicubic_peaks(const cv::Mat& map, float threshold) {
  std::vector<PartPeak> peaks;
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x)
      // Between the cells' centres a peak may be higher, but hardly twice as high.
      if (map.at<float>(y, x) >= threshold / 2 && map.at<float>(y, x) > 0)
        Enlarged(map, {x, y}).add_peaks(threshold, peaks);
  return peaks;
}

} // namespace

std::vector<PartPeak> find_peaks(const cv::Mat& map, float threshold, int most, Refinement refinement) {
  CV_Assert(map.empty() || map.type() == CV_32FC1);
  auto peaks =
      refinement == Refinement::bicubic ? bicubic_peaks(map, threshold) : gaussian_peaks(map, threshold);
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const PartPeak& a, const PartPeak& b) { return a.score > b.score; });
  if (peaks.size() > static_cast<std::size_t>(most))
    peaks.resize(static_cast<std::size_t>(most));
  return peaks;
}

} // namespace deid::models
