#pragma once
#include <opencv2/core.hpp>

namespace deid::faceswap {

/// Makes a swap as soft as the frame it comes into. rgb: CV_8UC3, changed; where: CV_8UC1, not 0 where both
/// can be compared. step: which of a few blurs matched before, -1 on a first frame; it changes by at most one
/// a frame then. measure: false when the original is nothing to go by; then the remembered step is used.
void match_sharpness(const cv::Mat& original, const cv::Mat& where, bool measure, int& step, cv::Mat& rgb);

} // namespace deid::faceswap
