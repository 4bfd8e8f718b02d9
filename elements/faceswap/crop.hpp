#pragma once
#include "elements/cover/cover.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include <span>

namespace deid::faceswap {

/// A face cut out of a frame, with what dlib's chip has around it.
struct FaceCrop {
  cv::Mat rgb{};                        ///< CV_8UC3
  cv::Point at{};                       ///< its top left corner in the frame
  std::vector<cv::Point3f> landmarks{}; ///< px of rgb
};

/// landmarks: 468, px of the frame, finite; also: what the crop must hold, too. The crop is clipped to the
/// frame; throws std::invalid_argument when nothing is left of it.
FaceCrop crop_face(const video::FrameView& frame, std::span<const cv::Point3f> landmarks,
                   const cv::Rect& also = {});

/// The same crop as it will leave: covered, the picture laid over it within the mask. The crop must hold the
/// mask's bounds; picture: of the mask's size, or empty.
cv::Mat as_it_leaves(const FaceCrop& crop, const cover::Mask& mask, const cover::Style& style,
                     const Picture& picture);

/// Whether a look at this face tells who it is: from in front, large, believed in, sharp.
bool sure_observation(const FaceRegion& face, const video::FrameView& frame);

} // namespace deid::faceswap
