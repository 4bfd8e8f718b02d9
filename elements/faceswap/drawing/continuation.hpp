#pragma once
#include <opencv2/core.hpp>

namespace deid::faceswap {

/// Gives every pixel of `rgb` (CV_8UC3) a colour where `known` (CV_8UC1) is 0. The colours continue the known
/// ones, the smoother the farther away (push-pull; Gortler et al. 1996). Known pixels stay. Nothing changes
/// when no pixel is known. Thread: any.
void continue_colors(cv::Mat& rgb, const cv::Mat& known);

} // namespace deid::faceswap
