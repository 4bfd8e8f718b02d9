#include "elements/cover/cover.hpp"
#include "elements/cover/obscure.hpp"
#include "elements/video/color.hpp"
#include "elements/video/planes.hpp"
#include <stdexcept>
#include <string>

namespace deid::cover {

namespace {

using video::FrameView;
using video::Layout;

void check(const FrameView& frame, const Mask& mask, const Style& style) {
  if (mask.mask.type() != CV_8UC1 || mask.mask.size() != mask.bounds.size())
    throw std::invalid_argument("mask and bounds differ");
  if ((mask.bounds & cv::Rect({0, 0}, frame.size())) != mask.bounds)
    throw std::invalid_argument("mask reaches outside the frame");
  if (!(style.strength > 0 && style.strength <= 4))
    throw std::invalid_argument("strength " + std::to_string(style.strength) + " is not within 0..4");
}

/// The value of a colour in plane `index`. Padding and alpha bytes become opaque.
cv::Scalar plane_color(const FrameView& frame, int index, const std::array<std::uint8_t, 3>& color) {
  if (frame.layout == Layout::packed) {
    cv::Scalar value = cv::Scalar::all(255);
    for (std::size_t i = 0; i < 3; ++i)
      value[frame.rgb_offset.at(i)] = color.at(i);
    return value;
  }
  const auto yuv = video::rgb_to_yuv(color, {frame.full_range, frame.bt709});
  if (index == 0)
    return cv::Scalar::all(yuv[0]);
  return frame.layout == Layout::nv12 ? cv::Scalar(yuv[1], yuv[2])
                                      : cv::Scalar::all(yuv.at(static_cast<std::size_t>(index)));
}

/// A chroma sample is masked when any of its 2 x 2 pixels is.
cv::Mat chroma_mask(const Mask& mask, const cv::Rect& part) {
  cv::Mat even(2 * part.height, 2 * part.width, CV_8UC1, cv::Scalar(0));
  mask.mask.copyTo(even({mask.bounds.tl() - 2 * part.tl(), mask.bounds.size()}));
  const cv::Mat upper(part.height, even.cols, CV_8UC1, even.ptr(0), 2 * even.step);
  const cv::Mat lower(part.height, even.cols, CV_8UC1, even.ptr(1), 2 * even.step);
  cv::Mat pairs, left, right;
  cv::bitwise_or(upper, lower, pairs);
  cv::extractChannel(pairs.reshape(2), left, 0);
  cv::extractChannel(pairs.reshape(2), right, 1);
  return left | right;
}

cv::Rect chroma_part(const cv::Rect& bounds) {
  const int left = bounds.x / 2;
  const int top = bounds.y / 2;
  return {left, top, (bounds.br().x + 1) / 2 - left, (bounds.br().y + 1) / 2 - top};
}

} // namespace

void apply(FrameView& frame, const Mask& mask, const Style& style) {
  if (mask.bounds.empty())
    return;
  check(frame, mask, style);
  const int planes = video::plane_count(frame.layout);
  const cv::Rect small = chroma_part(mask.bounds);
  const cv::Mat small_mask = planes > 1 ? chroma_mask(mask, small) : cv::Mat();
  for (int i = 0; i < planes; ++i) {
    cv::Mat region = video::plane(frame, i)(i == 0 ? mask.bounds : small);
    const cv::Mat& where = i == 0 ? mask.mask : small_mask;
    if (style.method == Method::fill)
      region.setTo(plane_color(frame, i, style.color), where);
    else
      obscure(region, style.method, style.strength, mask.bounds.size(), i == 0 ? 1 : 2).copyTo(region, where);
  }
}

void cover_frame(FrameView& frame, const std::array<std::uint8_t, 3>& color) {
  for (int i = 0; i < video::plane_count(frame.layout); ++i)
    video::plane(frame, i).setTo(plane_color(frame, i, color));
}

} // namespace deid::cover
