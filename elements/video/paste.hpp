#pragma once
#include "elements/video/frame_view.hpp"

namespace deid::video {

/// Draws a picture on the frame in its own format: every pixel becomes (1 - alpha) * frame + alpha * rgb.
/// rgb: CV_8UC3; alpha: CV_8UC1 of the same size, 255 = all picture; at: frame px of its top left corner.
/// What lies outside the frame is left out. Where alpha is 0 nothing changes; a chroma sample of 4:2:0 takes
/// the alpha-weighted mean of its pixels, with the largest alpha among them: what it held of a cover that
/// these pixels were under goes, even if the cover touched the sample's other pixels by this sample alone.
/// Padding and alpha bytes of packed formats become opaque where alpha > 0. Gray frames take the luma. Within
/// 2 levels of the formula. Throws std::invalid_argument when sizes or types differ.
void paste_rgb(FrameView& frame, cv::Point at, const cv::Mat& rgb, const cv::Mat& alpha);

} // namespace deid::video
