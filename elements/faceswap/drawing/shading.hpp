#pragma once
#include <opencv2/core.hpp>

namespace deid::faceswap {

/// Gives a swap the soft shading of the frame where skin lies on both: what Light is too coarse and too slow
/// for (a lit temple, the shadow along a jaw), so that skin goes on over the outline of the swap. original,
/// rgb: CV_8UC3 of one size, rgb is changed; skin: CV_8UC1 of the same or a smaller picture of the same, not
/// 0 where both show skin; size: of the face, px. Only differences smoother than a 30th of the face are
/// taken, so no feature comes along; where they are too large for light, less of them. The effect ends softly
/// beyond `skin`.
void follow_shading(const cv::Mat& original, const cv::Mat& skin, double size, cv::Mat& rgb);

} // namespace deid::faceswap
