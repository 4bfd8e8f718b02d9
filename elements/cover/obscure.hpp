#pragma once
#include "elements/cover/cover.hpp"

namespace deid::cover {

/// The picture that replaces `region` (a part of one plane, 1 to 4 channels of 8 bit), made from it alone.
/// `bounds`: size of the region in frame px; `half`: 2 for chroma planes of 4:2:0, else 1. Method: average,
/// gaussian or pixelate.
cv::Mat obscure(const cv::Mat& region, Method method, float strength, cv::Size bounds, int half);

} // namespace deid::cover
