#include "elements/faceswap/perception/hand_networks.hpp"
#include "elements/faceswap/perception/tuning.hpp"
#include "models/manifest/manifest.hpp"
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

constexpr int palm_side = models::PalmDetector::input_size;

/// Returns the palms in a picture of a square of the frame, in frame px.
std::vector<models::PalmDetection> found_in(models::PalmDetector& palms, const cv::Mat& square,
                                            const cv::Rect2f& area) {
  const float scale = area.width / static_cast<float>(palm_side);
  auto found = palms.detect(square, tuning::networks::palm_score);
  for (models::PalmDetection& palm : found) {
    palm.box = {palm.box.x * scale + area.x, palm.box.y * scale + area.y, palm.box.width * scale,
                palm.box.height * scale};
    for (cv::Point2f& point : palm.keypoints)
      point = point * scale + area.tl();
  }
  return found;
}

} // namespace

HandNetworks::HandNetworks(const models::SessionOptions& options)
    : palms_(models::locate("palm_detection_full"), options),
      landmarks_(models::locate("hand_landmark_full"), options) {}

cv::Mat HandNetworks::square_of_frame(const cv::Rect2f& area, int side, bool average) const {
  const float scale = area.width / static_cast<float>(side);
  return video::crop_rgb(*frame_, {scale, 0, area.x, 0, scale, area.y}, {side, side}, {.average = average});
}

cv::Mat HandNetworks::glance(const cv::Rect2f& area) const {
  constexpr int small = tuning::hand_tracks::glance_side;
  cv::Mat grey, glance; // 16 samples for each pixel; the mean of all of them would cost ten times as much
  cv::cvtColor(square_of_frame(area, 4 * small, false), grey, cv::COLOR_RGB2GRAY);
  cv::resize(grey, glance, {small, small}, 0, 0, cv::INTER_AREA);
  return glance;
}

std::vector<models::PalmDetection> HandNetworks::palms(const cv::Rect2f& area) {
  begun_palms(); // one search at a time
  return found_in(palms_, square_of_frame(area, palm_side, true), area);
}

void HandNetworks::begin_palms(const cv::Rect2f& area) {
  begun_palms();
  begun_ = std::async(std::launch::async, [this, square = square_of_frame(area, palm_side, true), area] {
    return found_in(palms_, square, area);
  });
}

std::vector<models::PalmDetection> HandNetworks::begun_palms() {
  return begun_.valid() ? begun_.get() : std::vector<models::PalmDetection>();
}

models::HandResult HandNetworks::hand(const models::RotatedRoi& roi) {
  constexpr int side = models::HandLandmarks::crop_size;
  const cv::Matx23f to_frame = models::crop_to_frame(roi, {side, side});
  return landmarks_.estimate(video::crop_rgb(*frame_, to_frame, {side, side}), to_frame);
}

} // namespace deid::faceswap
