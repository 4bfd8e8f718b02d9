#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct OwnPartsInput {
  const cv::Mat& original; ///< CV_8UC3
  const Points& points;    ///< 468 or more, px: the mesh on the original
  const Points& drawn;     ///< 468 or more, px: where the swap has the features; it differs when they moved
  bool eyes = true;        ///< the person's own eyes stay
  float mouth = 1;         ///< weight of the own mouth, [0..1]
  const cv::Mat& free;     ///< CV_8UC1, 255 where the original may be seen; empty: everywhere
};

/// Returns the swap with the person's own open mouth, with the edge of the lips, and the own eyes when asked.
/// rgb: CV_8UC3, the swap; it is used up. Thread: any.
cv::Mat own_parts(const OwnPartsInput& in, cv::Mat&& rgb);

} // namespace deid::faceswap::stage
