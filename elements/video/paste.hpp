#pragma once
#include "elements/video/frame_view.hpp"

namespace deid::video {

/// Draws a picture on the frame in the frame's format: every pixel becomes (1 - alpha) * frame + alpha * rgb.
/// rgb: CV_8UC3. alpha: CV_8UC1 of the same size, 255 = only the picture. at: frame px of its top left
/// corner. Parts outside the frame are ignored.
/// Where alpha is 0 nothing changes, except through chroma: a 4:2:0 sample takes the alpha-weighted mean of
/// its pixels, with the largest alpha among them. So the picture replaces a cover's chroma, also when the
/// cover touches the sample's other pixels only through this sample.
/// Padding and alpha bytes of packed formats become opaque where alpha > 0. Gray frames take the luma. Within
/// 2 levels of the formula. Throws std::invalid_argument when sizes or types differ.
void paste_rgb(FrameView& frame, cv::Point at, const cv::Mat& rgb, const cv::Mat& alpha);

} // namespace deid::video
