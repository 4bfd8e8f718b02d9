#include "elements/facedetect/scene.hpp"
#include <opencv2/imgproc.hpp>
#include <algorithm>

namespace deid::facedetect {

namespace {
constexpr int thumb_width = 64, thumb_height = 36;
// A cut changes most of the picture and keeps none of its structure; a flash or a fade keeps the structure.
constexpr double cut_difference = 12.0, cut_correlation = 0.75;
// Levels by which a thumbnail pixel differs when something moved there; sensor noise stays below after averaging.
constexpr int moved = 10;

double correlation(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat result;
  cv::matchTemplate(a, b, result, cv::TM_CCOEFF_NORMED);
  return result.at<float>(0, 0);
}
} // namespace

Scene::Change Scene::update(const video::FrameView& frame) {
  std::swap(previous_, current_);
  const cv::Size size(std::min(thumb_width, frame.width), std::min(thumb_height, frame.height));
  video::downscale_luma(frame, size, current_);
  if (previous_.size() != current_.size()) {
    at_sweep_.release();
    return {.cut = true, .novelty = 1.F};
  }
  Change change;
  cv::Mat difference;
  cv::absdiff(previous_, current_, difference);
  change.cut = cv::mean(difference)[0] > cut_difference && correlation(previous_, current_) < cut_correlation;
  if (at_sweep_.empty())
    return change;
  cv::absdiff(at_sweep_, current_, difference);
  change.novelty = static_cast<float>(cv::countNonZero(difference > moved)) / static_cast<float>(difference.total());
  return change;
}

void Scene::swept() { current_.copyTo(at_sweep_); }

void Scene::reset() {
  previous_.release();
  current_.release();
  at_sweep_.release();
}

} // namespace deid::facedetect
