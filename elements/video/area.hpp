#pragma once
#include <opencv2/core.hpp>

namespace deid::video {

/// Scales an 8-bit image (1 to 4 channels) to `size`: area averaged along an axis that shrinks, bilinear
/// otherwise. Within 1 level of the exact mean. `out` is reused when it fits.
void resize_area(const cv::Mat& source, cv::Size size, cv::Mat& out);

} // namespace deid::video
