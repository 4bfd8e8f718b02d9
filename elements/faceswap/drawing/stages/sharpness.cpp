#include "elements/faceswap/drawing/stages/sharpness.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

/// Returns where both pictures can be compared: on the face, away from its rim.
cv::Mat comparable(const cv::Mat& shown, const Points& points) {
  const int wide = std::max(1, cvRound(tuning::sharpness::rim * face_size(points)));
  cv::Mat inside = shown & face_area(points, shown.size());
  cv::erode(inside, inside, cv::getStructuringElement(cv::MORPH_RECT, {2 * wide + 1, 2 * wide + 1}));
  return inside;
}

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
  if (step <= 0)
    return rgb;
  cv::Mat out;
  cv::GaussianBlur(rgb, out, {0, 0}, tuning::sharpness::sigmas.at(static_cast<std::size_t>(step)));
  return out;
}

} // namespace

cv::Mat sharpness(const SharpnessInput& in, int& step) {
  const cv::Mat where = comparable(in.shown, in.points);
  const bool first = step < 0;
  if (!in.measure || cv::countNonZero(where) < tuning::sharpness::least_pixels)
    return softened(in.rgb, std::max(0, step));
  const double want = detail(in.original, where);
  const int last = static_cast<int>(tuning::sharpness::sigmas.size()) - 1;
  step = std::max(0, step);
  cv::Mat soft = softened(in.rgb, step);
  double have = detail(soft, where);
  if (!first && have < tuning::sharpness::too_soft * want && step > 0)
    soft = softened(soft, --step); // each blur is made on top of the last one
  while (have > tuning::sharpness::too_sharp * want && step < last) {
    soft = softened(soft, ++step);
    have = detail(soft, where);
    if (!first)
      break;
  }
  return soft;
}

} // namespace deid::faceswap::stage
