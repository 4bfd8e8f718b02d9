#include "models/openpose/decode.hpp"
#include <algorithm>
#include <cmath>

namespace deid::models {
namespace {

/// Is (x, y) a peak: no neighbour is higher, and of equal ones it is the first in reading order, so that a
/// plateau of two cells is one peak.
bool is_peak(const cv::Mat& map, int x, int y) {
  const float value = map.at<float>(y, x);
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx) {
      const cv::Point at(x + dx, y + dy);
      if ((dx == 0 && dy == 0) || at.x < 0 || at.y < 0 || at.x >= map.cols || at.y >= map.rows)
        continue;
      const float other = map.at<float>(at);
      const bool earlier = dy < 0 || (dy == 0 && dx < 0);
      if (other > value || (earlier && other == value))
        return false;
    }
  return true;
}

/// Where the top lies between three values of a Gaussian, the middle one the largest: [-.5, .5] from it.
double top(double before, double middle, double after) {
  // Far from the peak a network's maps swing around 0; a logarithm of (nearly) nothing would rule the fit.
  const double floor = std::max(1e-6, 1e-3 * middle);
  const double a = std::log(std::max(before, floor));
  const double b = std::log(std::max(middle, floor));
  const double c = std::log(std::max(after, floor));
  const double curve = a - 2 * b + c;
  return curve < 0 ? std::clamp((a - c) / (2 * curve), -.5, .5) : 0.;
}

cv::Point2d refine(const cv::Mat& map, int x, int y) {
  cv::Point2d at(x + .5, y + .5);
  const float value = map.at<float>(y, x);
  // At the border one neighbour is missing: the cell's centre is as good a guess as any.
  if (x > 0 && x + 1 < map.cols)
    at.x += top(map.at<float>(y, x - 1), value, map.at<float>(y, x + 1));
  if (y > 0 && y + 1 < map.rows)
    at.y += top(map.at<float>(y - 1, x), value, map.at<float>(y + 1, x));
  return at;
}

} // namespace

std::vector<PartPeak> find_peaks(const cv::Mat& map, float threshold, int most) {
  CV_Assert(map.empty() || map.type() == CV_32FC1);
  std::vector<PartPeak> peaks;
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x)
      if (map.at<float>(y, x) >= threshold && map.at<float>(y, x) > 0 && is_peak(map, x, y))
        peaks.push_back({refine(map, x, y), map.at<float>(y, x)});
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const PartPeak& a, const PartPeak& b) { return a.score > b.score; });
  if (peaks.size() > static_cast<std::size_t>(most))
    peaks.resize(static_cast<std::size_t>(most));
  return peaks;
}

} // namespace deid::models
