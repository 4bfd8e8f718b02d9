#pragma once
#include "elements/identitymeter/raw_file.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/meta/original_face.hpp"
#include "elements/video/frame_view.hpp"
#include <span>

/// What the second judge, FaceRes, says of a face before and behind the cover.
namespace deid::identitymeter {

/// Adds features, and the square they were made of, to an original. landmarks: 468, px of the frame. Does
/// nothing when there is no second judge, or when the landmarks lie on no face. No pixel is kept.
void add_second(const video::FrameView& frame, std::span<const cv::Point3f> landmarks, Networks& networks,
                OriginalFace& face);

/// Returns what the second judge sees of an original and of its result. found: the landmarks on the result;
/// empty: none were found, and the original's square is used. Returns nothing when the original has no
/// features.
std::optional<SecondSeen> second_seen(const video::FrameView& frame, const OriginalFace& original,
                                      std::span<const cv::Point3f> found, Networks& networks);

} // namespace deid::identitymeter
