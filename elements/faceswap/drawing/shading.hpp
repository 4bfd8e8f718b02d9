#pragma once
#include <opencv2/core.hpp>

namespace deid::faceswap {

/// Gives a swap the soft shading of the frame where both show skin, such as a lit temple or the shadow along
/// a jaw. Light is too coarse and too slow for it. So skin continues across the outline of the swap.
/// original, rgb: CV_8UC3 of one size; rgb changes. skin: CV_8UC1 of the same picture in any size, not 0
/// where both show skin. size: of the face, px. Differences finer than a 30th of the face are left out, so no
/// feature comes along. Differences that are too large for light count less. The effect ends softly beyond
/// `skin`. Thread: any.
void follow_shading(const cv::Mat& original, const cv::Mat& skin, double size, cv::Mat& rgb);

} // namespace deid::faceswap
