#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Lays the subject's own open mouth, with the edge of the lips, over the swap, and the subject's own eyes
/// when `eyes` is set. original, rgb: CV_8UC3 of one size. points: the mesh on the original. drawn: the mesh
/// on which the swap was drawn; it differs when features were moved. Both are px and at least 468 points.
/// mouth: weight of the mouth, [0..1]. free: CV_8UC1 of that size, 255 where the original may be seen; empty:
/// everywhere.
void keep_own_parts(const cv::Mat& original, const std::vector<cv::Point3f>& points,
                    const std::vector<cv::Point3f>& drawn, bool eyes, float mouth, const cv::Mat& free,
                    cv::Mat& rgb);

} // namespace deid::faceswap
