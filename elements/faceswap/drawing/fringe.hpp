#pragma once
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap {

/// Returns a target's picture with skin in place of dark hair on the forehead, and in place of anything else
/// along the rim of the face (hair at the temples, ears, a collar). Otherwise the swap would show it on the
/// person. rgb: CV_8UC3. landmarks: 468, px of rgb. rim_share: width of the rim, as a share of the way to the
/// middle. Thread: any.
cv::Mat skin_only(const cv::Mat& rgb, const Points& landmarks, float rim_share = tuning::fringe::rim);

} // namespace deid::faceswap
