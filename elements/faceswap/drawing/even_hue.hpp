#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap {

/// Returns a target's picture with skin of one hue. A portrait has paler skin where light is reflected (nose,
/// forehead) and browner skin at the temples. On a person of another skin the pale parts turn grey or blue.
/// Features keep their colour relative to the skin around them; no pixel changes its brightness. rgb:
/// CV_8UC3. landmarks: 468, px of rgb. Thread: any.
cv::Mat even_hue(const cv::Mat& rgb, const Points& landmarks);

} // namespace deid::faceswap
