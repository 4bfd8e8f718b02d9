#pragma once
#include <opencv2/core.hpp>

namespace deid::faceswap {

/// Makes a swap as soft as its frame. rgb: CV_8UC3; it changes. where: CV_8UC1, not 0 where both can be
/// compared. step: the blur that matched before; -1 on a first frame; later it changes by one a frame at
/// most. measure: false when the original cannot be compared; then the remembered step applies. Thread: any.
void match_sharpness(const cv::Mat& original, const cv::Mat& where, bool measure, int& step, cv::Mat& rgb);

} // namespace deid::faceswap
