#include "elements/video/planes.hpp"
#include <stdexcept>
#include <string>

namespace deid::video {

namespace {

int channels(const FrameView& frame, int index) {
  switch (frame.layout) {
  case Layout::nv12:
    return index == 1 ? 2 : 1;
  case Layout::packed:
    return frame.pixel_stride;
  case Layout::planar420:
  case Layout::gray:
    break;
  }
  return 1;
}

} // namespace

FrameView rgb_view(const cv::Mat& rgb) {
  FrameView view{.layout = Layout::packed, .width = rgb.cols, .height = rgb.rows};
  view.planes[0] = {rgb.data, static_cast<std::ptrdiff_t>(rgb.step)};
  view.pixel_stride = 3;
  view.rgb_offset = {0, 1, 2};
  return view;
}

int plane_count(Layout layout) {
  switch (layout) {
  case Layout::planar420:
    return 3;
  case Layout::nv12:
    return 2;
  case Layout::packed:
  case Layout::gray:
    break;
  }
  return 1;
}

cv::Mat plane(const FrameView& frame, int index) {
  if (index < 0 || index >= plane_count(frame.layout))
    throw std::invalid_argument("frame has no plane " + std::to_string(index));
  if (frame.width < 1 || frame.height < 1)
    throw std::invalid_argument("frame of " + std::to_string(frame.width) + "x" +
                                std::to_string(frame.height));
  const int count = channels(frame, index);
  if (frame.layout == Layout::packed && count != 3 && count != 4)
    throw std::invalid_argument("packed frame with " + std::to_string(count) + " bytes a pixel");
  const Plane& source = frame.planes.at(static_cast<std::size_t>(index));
  const int width = index == 0 ? frame.width : (frame.width + 1) / 2;
  const int height = index == 0 ? frame.height : (frame.height + 1) / 2;
  if (source.data == nullptr || source.stride < static_cast<std::ptrdiff_t>(width) * count)
    throw std::invalid_argument("plane " + std::to_string(index) + " has a stride of " +
                                std::to_string(source.stride) + " bytes for " +
                                std::to_string(width * count));
  return {height, width, CV_8UC(count), source.data, static_cast<std::size_t>(source.stride)};
}

} // namespace deid::video
