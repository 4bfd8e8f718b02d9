#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct PlaceInput {
  const cv::Mat& original; ///< CV_8UC3 of the frame before it was covered
  cv::Point at{};          ///< its top left corner in the frame
  const Points& landmarks; ///< 468, frame px
};

/// Returns the mesh and its forehead in px of the picture. Throws std::invalid_argument on a picture that is
/// empty or not RGB, and on landmarks that are not 468 or not finite. Thread: any.
Place place(const PlaceInput& in);

} // namespace deid::faceswap::stage
