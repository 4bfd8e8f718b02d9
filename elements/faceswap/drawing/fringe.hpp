#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// A target's picture with skin where dark hair lies on its forehead, and along the rim of the face where
/// something else is seen (hair at the temples, ears, a collar), so that nobody else wears it. rgb: CV_8UC3;
/// landmarks: the mesh's 468, px of it; rim_share: how wide the rim is, of the way to the middle.
cv::Mat skin_only(const cv::Mat& rgb, const std::vector<cv::Point3f>& landmarks, float rim_share = 0.13F);

} // namespace deid::faceswap
