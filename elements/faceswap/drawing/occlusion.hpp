#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Returns where the rim of a face is surely not skin, and may stay in front of the swap: hair, a hat, the
/// background, a beard or a mark. CV_8UC1, 255 = surely. It is always 0 between brows and lips, so a face
/// never shows. On the face a pixel must differ much from `swap` (darker, or of another colour); beyond its
/// oval some difference is enough. Lighter skin is skin on the whole forehead. original, swap: CV_8UC3 of one
/// size, swap with colours everywhere. points: of with_forehead(), px. Thread: any.
cv::Mat in_front(const cv::Mat& original, const cv::Mat& swap, const std::vector<cv::Point3f>& points);

} // namespace deid::faceswap
