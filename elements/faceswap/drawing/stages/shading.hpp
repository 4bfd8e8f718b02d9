#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct ShadingInput {
  const cv::Mat& original; ///< CV_8UC3
  const cv::Mat& rgb;      ///< CV_8UC3: the swap
  const cv::Mat& skin;     ///< CV_8UC1 of the same picture in any size, not 0 where both show skin
  double size = 0;         ///< of the face, px
};

/// Returns the swap with the soft shading of the frame where both show skin, such as a lit temple or the
/// shadow along a jaw. Light is too coarse and too slow for it. So skin continues across the outline of the
/// swap. Differences finer than a 30th of the face are left out, so no feature comes along. Differences that
/// are too large for light count less. The effect ends softly beyond `skin`. Thread: any.
cv::Mat shading(const ShadingInput& in);

} // namespace deid::faceswap::stage
