#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Returns a target's picture with skin in place of dark hair on the forehead, and in place of anything else
/// along the rim of the face (hair at the temples, ears, a collar). Otherwise the swap would show it on the
/// person. rgb: CV_8UC3. landmarks: 468, px of rgb. rim_share: width of the rim, as a share of the way to the
/// middle. Thread: any.
cv::Mat skin_only(const cv::Mat& rgb, const std::vector<cv::Point3f>& landmarks, float rim_share = 0.13F);

} // namespace deid::faceswap
