#include "elements/faceswap/drawing/sharpness.hpp"
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

/// px of the blur at each step.
constexpr std::array<double, 6> sigmas{0, 0.5, 0.7, 1.0, 1.4, 2.0};
/// Ratios of the swap's detail to the subject's. Limits closer together make the step flicker.
constexpr double too_sharp = 1.15, too_soft = 0.8;
constexpr int least_pixels = 100; ///< fewer say nothing about detail

/// Returns the variance of the fine detail where `where` is not 0, levels^2.
double detail(const cv::Mat& rgb, const cv::Mat& where) {
  cv::Mat gray, fine;
  cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
  cv::Laplacian(gray, fine, CV_16S, 1);
  cv::Scalar mean, deviation;
  cv::meanStdDev(fine, mean, deviation, where);
  return deviation[0] * deviation[0];
}

cv::Mat softened(const cv::Mat& rgb, int step) {
  cv::Mat out = rgb;
  if (step > 0)
    cv::GaussianBlur(rgb, out, {0, 0}, sigmas.at(static_cast<std::size_t>(step)));
  return out;
}

} // namespace

void match_sharpness(const cv::Mat& original, const cv::Mat& where, bool measure, int& step, cv::Mat& rgb) {
  const bool first = step < 0;
  if (!measure || cv::countNonZero(where) < least_pixels) {
    rgb = softened(rgb, std::max(0, step));
    return;
  }
  const double want = detail(original, where);
  const int last = static_cast<int>(sigmas.size()) - 1;
  step = std::max(0, step);
  cv::Mat soft = softened(rgb, step);
  double have = detail(soft, where);
  if (!first && have < too_soft * want && step > 0)
    soft = softened(rgb, --step);
  while (have > too_sharp * want && step < last) {
    soft = softened(rgb, ++step);
    have = detail(soft, where);
    if (!first)
      break;
  }
  rgb = soft;
}

} // namespace deid::faceswap
