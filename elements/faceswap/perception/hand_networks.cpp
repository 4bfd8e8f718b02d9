#include "elements/faceswap/perception/hand_networks.hpp"
#include "elements/faceswap/perception/tuning.hpp"
#include "models/manifest/manifest.hpp"

namespace deid::faceswap {

namespace {

const models::SessionOptions f32{.precision = models::Precision::f32};

} // namespace

HandNetworks::HandNetworks()
    : palms_(models::locate("palm_detection_full"), f32),
      landmarks_(models::locate("hand_landmark_full"), f32) {}

std::vector<models::PalmDetection> HandNetworks::palms(const cv::Rect2f& area) {
  constexpr int side = models::PalmDetector::input_size;
  const float scale = area.width / static_cast<float>(side);
  const cv::Matx23f to_frame(scale, 0, area.x, 0, scale, area.y);
  auto found = palms_.detect(video::crop_rgb(*frame_, to_frame, {side, side}), tuning::networks::palm_score);
  for (models::PalmDetection& palm : found) {
    palm.box = {palm.box.x * scale + area.x, palm.box.y * scale + area.y, palm.box.width * scale,
                palm.box.height * scale};
    for (cv::Point2f& point : palm.keypoints)
      point = point * scale + area.tl();
  }
  return found;
}

models::HandResult HandNetworks::hand(const models::RotatedRoi& roi) {
  constexpr int side = models::HandLandmarks::crop_size;
  const cv::Matx23f to_frame = models::crop_to_frame(roi, {side, side});
  return landmarks_.estimate(video::crop_rgb(*frame_, to_frame, {side, side}), to_frame);
}

} // namespace deid::faceswap
