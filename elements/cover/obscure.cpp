#include "elements/cover/obscure.hpp"
#include "elements/cover/tuning.hpp"
#include "elements/video/area.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::cover {

namespace {

/// Kernel of one axis in frame px.
int kernel(int length, int other, float strength) {
  const double size = std::max(tuning::kernel_share * length, tuning::strip_share * other) * strength;
  return static_cast<int>(std::clamp(std::round(size), tuning::smallest_kernel, tuning::largest_kernel));
}

cv::Mat average(const cv::Mat& region, float strength, cv::Size bounds, int half) {
  const auto odd = [half](int size) { return std::max(3, size / half) | 1; };
  const cv::Size size(odd(kernel(bounds.width, bounds.height, strength)),
                      odd(kernel(bounds.height, bounds.width, strength)));
  cv::Mat out;
  // mirrored at the bounds, so that edge pixels count no more than others
  cv::blur(region, out, size, {-1, -1}, cv::BORDER_REFLECT | cv::BORDER_ISOLATED);
  return out;
}

double cell_size(cv::Size bounds, float strength, double cells) {
  return std::max(tuning::least_cell,
                  std::max(bounds.width, bounds.height) * static_cast<double>(strength) / cells);
}

/// Scales down to a few cells and smoothly up again. The result is like a Gaussian as wide as a cell, at a
/// cost independent of its width. Only the cells' means remain, so the face cannot be restored.
cv::Mat gaussian(const cv::Mat& region, float strength, cv::Size bounds) {
  const double cell = cell_size(bounds, strength, tuning::gaussian_cells);
  const auto count = [cell](int length, int available) {
    return std::clamp(static_cast<int>(std::ceil(length / cell)), 1, available);
  };
  cv::Mat small;
  video::resize_area(region, {count(bounds.width, region.cols), count(bounds.height, region.rows)}, small);
  cv::Mat smooth;
  cv::GaussianBlur(small, smooth, {3, 3}, tuning::cell_smoothing, tuning::cell_smoothing,
                   cv::BORDER_REPLICATE);
  cv::Mat out;
  cv::resize(smooth, out, region.size(), 0, 0, cv::INTER_CUBIC);
  return out;
}

cv::Mat pixelate(const cv::Mat& region, float strength, cv::Size bounds, int half) {
  const int even = (static_cast<int>(std::ceil(cell_size(bounds, strength, tuning::mosaic_cells))) + 1) & ~1;
  const int cell = even / half;
  cv::Mat out(region.size(), region.type());
  for (int y = 0; y < region.rows; y += cell)
    for (int x = 0; x < region.cols; x += cell) {
      const cv::Rect part(x, y, std::min(cell, region.cols - x), std::min(cell, region.rows - y));
      out(part).setTo(cv::mean(region(part)));
    }
  return out;
}

} // namespace

cv::Mat obscure(const cv::Mat& region, Method method, float strength, cv::Size bounds, int half) {
  switch (method) {
  case Method::gaussian:
    return gaussian(region, strength, bounds);
  case Method::pixelate:
    return pixelate(region, strength, bounds, half);
  case Method::average:
  case Method::fill: // draws no picture
    break;
  }
  return average(region, strength, bounds, half);
}

} // namespace deid::cover
