#include "elements/video/area.hpp"
#include "elements/video/color.hpp"
#include "elements/video/planes.hpp"
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::video {

namespace {

void require_size(cv::Size size) {
  if (size.width < 1 || size.height < 1)
    throw std::invalid_argument("picture of " + std::to_string(size.width) + "x" +
                                std::to_string(size.height));
}

/// Chroma that keeps more than half its size is not averaged: bilinear interpolation reads nearly all samples
/// in a third of the time.
void resize_chroma(const cv::Mat& source, cv::Size size, cv::Mat& out) {
  if (2 * size.width > source.cols && 2 * size.height > source.rows)
    cv::resize(source, out, size, 0, 0, cv::INTER_LINEAR);
  else
    resize_area(source, size, out);
}

void small_chroma(const FrameView& frame, cv::Size size, cv::Mat& u, cv::Mat& v) {
  if (frame.layout == Layout::planar420) {
    resize_chroma(plane(frame, 1), size, u);
    resize_chroma(plane(frame, 2), size, v);
    return;
  }
  cv::Mat both;
  resize_chroma(plane(frame, 1), size, both);
  cv::extractChannel(both, u, 0);
  cv::extractChannel(both, v, 1);
}

} // namespace

FrameView every_kth_row(const FrameView& frame, int k) {
  if (k < 1 || k > frame.height)
    throw std::invalid_argument("every " + std::to_string(k) + "th row of " + std::to_string(frame.height));
  FrameView thinned = frame;
  thinned.height = frame.height / k;
  for (Plane& plane : thinned.planes)
    plane.stride *= k;
  return thinned;
}

void downscale_rgb(const FrameView& frame, cv::Size size, cv::Mat& out) {
  require_size(size);
  cv::Mat main;
  resize_area(plane(frame, 0), size, main);
  switch (frame.layout) {
  case Layout::planar420:
  case Layout::nv12: {
    cv::Mat u;
    cv::Mat v;
    small_chroma(frame, size, u, v);
    yuv_to_rgb(main, u, v, {frame.full_range, frame.bt709}, out);
    return;
  }
  case Layout::packed:
    reorder_to_rgb(main, frame.rgb_offset, out);
    return;
  case Layout::gray:
    expand_luma(main, frame.full_range, main);
    cv::cvtColor(main, out, cv::COLOR_GRAY2RGB);
    return;
  }
}

void downscale_luma(const FrameView& frame, cv::Size size, cv::Mat& out) {
  require_size(size);
  cv::Mat main;
  resize_area(plane(frame, 0), size, main);
  if (frame.layout == Layout::packed)
    packed_to_luma(main, frame.rgb_offset, out);
  else
    expand_luma(main, frame.full_range, out);
}

} // namespace deid::video
