#include "models/hands/hands.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::models {

struct HandLandmarks::Impl {
  Session session;

  /// Outputs in MediaPipe's order: points in crop px, presence, handedness, points in metres (unused). The
  /// network has applied the sigmoid to presence and handedness.
  static constexpr std::size_t points = 0, presence = 1, handedness = 2;

  Impl(const std::filesystem::path& model, const SessionOptions& options) : session(model, options) {
    constexpr std::size_t edge = crop_size;
    const bool fits = session.input_shape() == std::vector<std::size_t>{1, edge, edge, 3} &&
                      session.output_count() == 4 && session.output(points).size() == 3 * point_count &&
                      session.output(presence).size() == 1 && session.output(handedness).size() == 1;
    if (!fits)
      throw ModelError(ModelError::Kind::damaged,
                       "Model file " + model.string() +
                           " is not the 21-point hand network. Run ./meson-free-scripts/setup.");
  }
};

HandLandmarks::HandLandmarks(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
HandLandmarks::~HandLandmarks() = default;
HandLandmarks::HandLandmarks(HandLandmarks&&) noexcept = default;

HandResult HandLandmarks::estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame) {
  CV_Assert(crop.type() == CV_8UC3 && crop.cols == crop_size && crop.rows == crop_size);
  Session& session = impl_->session;
  cv::Mat input(crop_size, crop_size, CV_32FC3, session.input().data());
  crop.convertTo(input, CV_32F, 1 / 255.);
  session.infer();

  const auto raw = session.output(Impl::points);
  const auto presence = session.output(Impl::presence);
  const auto handedness = session.output(Impl::handedness);
  require_finite(raw, "hand landmarks");
  require_finite(presence, "hand presence scores");
  require_finite(handedness, "handedness scores");
  const float scale = std::hypot(crop_to_frame(0, 0), crop_to_frame(1, 0)); // frame px per crop px along x
  HandResult hand;
  hand.presence = std::clamp(presence[0], 0.F, 1.F);
  // MediaPipe's label "Left" is the first class, and it assumes a mirrored picture.
  hand.left = 1 - std::clamp(handedness[0], 0.F, 1.F);
  for (std::size_t i = 0; i < raw.size(); i += 3) {
    const cv::Point2f at = transform(crop_to_frame, {raw[i], raw[i + 1]});
    hand.points.emplace_back(at.x, at.y, raw[i + 2] * scale);
  }
  return hand;
}

cv::Mat hand_crop(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty());
  cv::Mat crop;
  cv::warpAffine(rgb, crop, crop_to_frame, {HandLandmarks::crop_size, HandLandmarks::crop_size},
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return crop;
}

} // namespace deid::models
