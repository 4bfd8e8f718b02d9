#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct RimInput {
  const cv::Mat& shown; ///< CV_8UC1, 255 where the swap covers
  const Points& points; ///< 481, px
};

/// Returns the rim of the skin that frame and swap both show, outside the features. CV_8UC1, 255 or 0, of a
/// smaller picture, because only soft differences are measured on it. Thread: any.
cv::Mat rim(const RimInput& in);

} // namespace deid::faceswap::stage
