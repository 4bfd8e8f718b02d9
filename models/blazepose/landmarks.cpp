#include "models/blazepose/blazepose.hpp"
#include "models/ssd/ssd.hpp"
#include <algorithm>
#include <cmath>

namespace deid::models {
namespace {

constexpr std::size_t raw_points = 39; // 33 of the body, 2 for alignment, 4 unused
constexpr std::size_t values_per_point = 5;
constexpr int map_size = 64;
constexpr std::size_t mask_values = std::size_t{PoseLandmarks::crop_size} * PoseLandmarks::crop_size;
constexpr std::size_t map_values = std::size_t{map_size} * map_size * raw_points;
// Cells on each side of a point. MediaPipe's graph asks for a 7x7 kernel, but its results (0.10.9, 84 frames
// of 7 clips) are those of 9x9. With 9x9 ours differ by .017 crop px on average (rounding), with 7x7 by .148.
constexpr int reach = 4;
constexpr float least_confidence = .5F;

/// Index of the output with this many values; the number of outputs when none has.
std::size_t output_of_size(const Session& session, std::size_t values) {
  std::size_t i = 0;
  while (i < session.output_count() && session.output(i).size() != values)
    ++i;
  return i;
}

/// Moves the point (crop px) to the centre of gravity of the heat around it. Where the heat is weak, the
/// point stays. The cell's index is truncated, as in MediaPipe.
cv::Point2f refine(cv::Point2f point, std::span<const float> heat, std::size_t index) {
  constexpr float cell = static_cast<float>(PoseLandmarks::crop_size) / map_size;
  const float fx = point.x / cell;
  const float fy = point.y / cell;
  if (!(fx > -1 && fy > -1 && fx < map_size && fy < map_size))
    return point;
  const int column = static_cast<int>(fx);
  const int row = static_cast<int>(fy);
  float sum = 0, most = 0, across = 0, down = 0;
  for (int y = std::max(0, row - reach); y < std::min(map_size, row + reach + 1); ++y)
    for (int x = std::max(0, column - reach); x < std::min(map_size, column + reach + 1); ++x) {
      const auto at = (static_cast<std::size_t>(y) * map_size + static_cast<std::size_t>(x)) * raw_points;
      const float confidence = sigmoid(heat[at + index]);
      sum += confidence;
      most = std::max(most, confidence);
      across += confidence * static_cast<float>(x);
      down += confidence * static_cast<float>(y);
    }
  if (!(most >= least_confidence) || !(sum > 0))
    return point;
  return {across / sum * cell, down / sum * cell};
}

cv::Mat person_mask(std::span<const float> logits) {
  cv::Mat mask(PoseLandmarks::crop_size, PoseLandmarks::crop_size, CV_8UC1);
  std::transform(logits.begin(), logits.end(), mask.data,
                 [](float value) { return static_cast<std::uint8_t>(std::lround(255 * sigmoid(value))); });
  return mask;
}

} // namespace

struct PoseLandmarks::Impl {
  Session session;
  std::size_t points, presence, mask, heat; ///< indices of the outputs

  Impl(const std::filesystem::path& model, const SessionOptions& options)
      : session(model, options), points(output_of_size(session, raw_points * values_per_point)),
        presence(output_of_size(session, 1)), mask(output_of_size(session, mask_values)),
        heat(output_of_size(session, map_values)) {
    const bool fits = session.input_shape() == std::vector<std::size_t>{1, crop_size, crop_size, 3} &&
                      std::max({points, presence, mask, heat}) < session.output_count();
    if (!fits)
      throw ModelError(ModelError::Kind::damaged,
                       "Model file " + model.string() +
                           " is not BlazePose's landmark network. Run ./meson-free-scripts/setup.");
  }

  /// Point i in crop px, refined.
  [[nodiscard]] cv::Point2f place(std::size_t i) const {
    const auto raw = session.output(points).subspan(i * values_per_point, values_per_point);
    return refine({raw[0], raw[1]}, session.output(heat), i);
  }
};

PoseLandmarks::PoseLandmarks(const std::filesystem::path& model, const SessionOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
PoseLandmarks::~PoseLandmarks() = default;
PoseLandmarks::PoseLandmarks(PoseLandmarks&&) noexcept = default;

PoseResult PoseLandmarks::estimate(const cv::Mat& crop, const cv::Matx23f& crop_to_frame, bool mask) {
  CV_Assert(crop.type() == CV_8UC3 && crop.cols == crop_size && crop.rows == crop_size);
  Session& session = impl_->session;
  cv::Mat input(crop_size, crop_size, CV_32FC3, session.input().data());
  crop.convertTo(input, CV_32F, 1 / 255.);
  session.infer();

  const auto raw = session.output(impl_->points);
  require_finite(raw, "body points");
  require_finite(session.output(impl_->presence), "presence scores");
  const float scale = std::hypot(crop_to_frame(0, 0), crop_to_frame(1, 0)); // frame px per crop px along x
  PoseResult result{.to_frame = crop_to_frame};
  result.presence = session.output(impl_->presence)[0]; // the network has applied the sigmoid
  result.points.reserve(point_count);
  for (std::size_t i = 0; i < point_count; ++i) {
    const auto values = raw.subspan(i * values_per_point, values_per_point);
    const cv::Point2f at = transform(crop_to_frame, impl_->place(i));
    result.points.push_back({{at.x, at.y, values[2] * scale}, sigmoid(values[3]), sigmoid(values[4])});
  }
  for (std::size_t i = 0; i < result.alignment.size(); ++i)
    result.alignment[i] = transform(crop_to_frame, impl_->place(point_count + i));
  if (mask)
    result.mask = person_mask(session.output(impl_->mask));
  return result;
}

} // namespace deid::models
