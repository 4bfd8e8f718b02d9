#pragma once
#include "elements/video/frame_view.hpp"
#include <opencv2/core.hpp>

namespace deid::test {

/// An RGB picture (CV_8UC3) as elements see a frame; it must outlive the view.
inline video::FrameView rgb_view(const cv::Mat& rgb) {
  video::FrameView view;
  view.layout = video::Layout::packed;
  view.width = rgb.cols;
  view.height = rgb.rows;
  view.planes[0] = {rgb.data, static_cast<std::ptrdiff_t>(rgb.step)};
  view.pixel_stride = 3;
  view.rgb_offset = {0, 1, 2};
  return view;
}

} // namespace deid::test
