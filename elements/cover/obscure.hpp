#pragma once
#include "elements/cover/cover.hpp"

namespace deid::cover {

/// Returns the picture that replaces `region`, made from it alone. region: part of one plane, 1 to 4 channels
/// of 8 bit. bounds: size of the region in frame px. half: 2 for chroma planes of 4:2:0, else 1. method:
/// average, gaussian or pixelate.
cv::Mat obscure(const cv::Mat& region, Method method, float strength, cv::Size bounds, int half);

} // namespace deid::cover
