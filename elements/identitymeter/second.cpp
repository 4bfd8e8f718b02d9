#include "elements/identitymeter/second.hpp"
#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace deid::identitymeter {

namespace {

using models::FaceFeatures;

std::optional<FaceFeatures> features(const video::FrameView& frame, const models::RotatedRoi& roi,
                                     Networks& networks) {
  const cv::Size size(models::FaceRes::crop_size, models::FaceRes::crop_size);
  cv::Mat crop = video::crop_rgb(frame, models::crop_to_frame(roi, size), size);
  const auto seen = networks.describe_again(crop);
  explicit_bzero(crop.data, crop.total() * crop.elemSize());
  return seen;
}

std::optional<models::RotatedRoi> square_of(std::span<const cv::Point3f> landmarks) {
  try {
    return models::faceres_roi(landmarks);
  } catch (const std::invalid_argument&) {
    return {}; // the points lie on no face
  }
}

} // namespace

void add_second(const video::FrameView& frame, std::span<const cv::Point3f> landmarks, Networks& networks,
                OriginalFace& face) {
  if (!networks.has_second())
    return;
  const auto roi = square_of(landmarks);
  const auto seen = roi ? features(frame, *roi, networks) : std::nullopt;
  if (!seen)
    return;
  face.second.assign(seen->begin(), seen->end());
  face.second_square = {roi->center.x, roi->center.y, roi->size.width, roi->rotation};
}

std::optional<SecondSeen> second_seen(const video::FrameView& frame, const OriginalFace& original,
                                      std::span<const cv::Point3f> found, Networks& networks) {
  SecondSeen seen;
  if (!networks.has_second() || original.second.size() != seen.original.size())
    return {};
  const auto& [x, y, side, turn] = original.second_square;
  const models::RotatedRoi own{{x, y}, {side, side}, turn};
  const auto after = features(frame, found.empty() ? own : square_of(found).value_or(own), networks);
  if (!after)
    return {};
  std::ranges::copy(original.second, seen.original.begin());
  seen.deidentified = *after;
  return seen;
}

} // namespace deid::identitymeter
