#include "models/blazepose/blazepose.hpp"
#include "models/ssd/ssd.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace deid::models {
namespace {

// Two anchors a cell. The three layers of stride 32 are consecutive, so they form one grid of six anchors a
// cell.
SsdKind kind() {
  return {"BlazePose's detector", PoseDetector::input_size, {{8, 2}, {16, 2}, {32, 6}}, 4};
}

std::vector<PoseDetection> typed(const std::vector<SsdDetection>& found) {
  std::vector<PoseDetection> people;
  for (const SsdDetection& one : found) {
    PoseDetection person{.box = one.box, .score = one.score};
    std::copy_n(one.keypoints.begin(), person.keypoints.size(), person.keypoints.begin());
    people.push_back(person);
  }
  return people;
}

} // namespace

struct PoseDetector::Impl {
  SsdNetwork network;
};

PoseDetector::PoseDetector(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(SsdNetwork(model, kind(), options))) {}
PoseDetector::~PoseDetector() = default;
PoseDetector::PoseDetector(PoseDetector&&) noexcept = default;

std::vector<PoseDetection> PoseDetector::detect(const cv::Mat& rgb, float threshold) {
  return typed(impl_->network.detect(rgb, threshold));
}

std::vector<PoseDetection> PoseDetector::detect_crop(const cv::Mat& crop, const cv::Matx23f& to_image,
                                                     float threshold) {
  return typed(impl_->network.detect_crop(crop, to_image, threshold));
}

RotatedRoi pose_roi(cv::Point2f centre, cv::Point2f on_circle) {
  constexpr float margin = 1.25F;
  const cv::Point2f up = on_circle - centre;
  const float side = 2 * margin * std::hypot(up.x, up.y);
  const float angle = std::numbers::pi_v<float> / 2 - std::atan2(-up.y, up.x);
  return {.center = centre, .size = {side, side}, .rotation = angle};
}

RotatedRoi pose_roi(const PoseDetection& detection) {
  return pose_roi(detection.keypoints[0], detection.keypoints[1]);
}

cv::Mat pose_crop(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty());
  // MediaPipe uses warpPerspective. warpAffine would round positions differently.
  const cv::Matx23f& m = crop_to_frame;
  const cv::Matx33d full(m(0, 0), m(0, 1), m(0, 2), m(1, 0), m(1, 1), m(1, 2), 0, 0, 1);
  cv::Mat crop;
  cv::warpPerspective(rgb, crop, full, {PoseLandmarks::crop_size, PoseLandmarks::crop_size},
                      cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return crop;
}

} // namespace deid::models
