#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Lays the subject's own inside of the mouth and edge of the lips over the swap, while they are open, and,
/// when asked, what lies between the lids. original, rgb: CV_8UC3 of one size; points: the mesh on the
/// original; drawn: the mesh the swap was drawn on (another one when features were moved), both px, at least
/// 468 points. mouth: [0..1] of it. free: CV_8UC1 of that size, 255 where the original may be seen, or empty:
/// everywhere.
void keep_own_parts(const cv::Mat& original, const std::vector<cv::Point3f>& points,
                    const std::vector<cv::Point3f>& drawn, bool eyes, float mouth, const cv::Mat& free,
                    cv::Mat& rgb);

} // namespace deid::faceswap
