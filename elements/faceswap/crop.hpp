#pragma once
#include "elements/cover/cover.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include <span>

namespace deid::faceswap {

/// A face cut out of a frame, with the surroundings of dlib's chip.
struct FaceCrop {
  cv::Mat rgb{};                        ///< CV_8UC3
  cv::Point at{};                       ///< its top left corner in the frame
  std::vector<cv::Point3f> landmarks{}; ///< px of rgb
};

/// Returns the crop of a face, clipped to the frame. landmarks: 468, px of the frame, finite. also: a
/// rectangle, px of the frame, that the crop must contain, too. Throws std::invalid_argument when the face
/// lies outside the frame.
FaceCrop crop_face(const video::FrameView& frame, std::span<const cv::Point3f> landmarks,
                   const cv::Rect& also = {});

/// Returns the crop as it will leave: covered, with the picture laid over it within the mask. Requires a crop
/// that holds the bounds of the mask. picture: of the mask's size, or empty.
cv::Mat as_it_leaves(const FaceCrop& crop, const cover::Mask& mask, const cover::Style& style,
                     const Picture& picture);

/// Returns whether an observation of this face will identify the person: the face is frontal, large and
/// sharp, and the score of the mesh is high. Requires landmarks.
bool sure_observation(const FaceRegion& face, const video::FrameView& frame);

} // namespace deid::faceswap
