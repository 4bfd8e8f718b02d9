#pragma once
#include "elements/video/frame_view.hpp"
#include <opencv2/core.hpp>
#include <optional>

namespace deid::facedetect {

/// Returns the luma patch of the box (frame px), for tracking by appearance.
cv::Mat appearance_of(const video::FrameView& frame, const cv::Rect2f& box);

/// The best match of a patch near a box, frame px, and its normalised correlation [-1..1].
struct Likeness {
  cv::Rect2f box{};
  float value = 0.F;
};
/// Returns nothing when the patch is empty.
std::optional<Likeness> follow_appearance(const video::FrameView& frame, const cv::Mat& appearance,
                                          const cv::Rect2f& box);

} // namespace deid::facedetect
