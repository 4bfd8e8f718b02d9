#include "elements/video/area.hpp"
#include "elements/video/color.hpp"
#include "elements/video/planes.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::video {

namespace {

cv::Point2d map(const cv::Matx23d& m, double x, double y) {
  return {m(0, 0) * x + m(0, 1) * y + m(0, 2), m(1, 0) * x + m(1, 1) * y + m(1, 2)};
}

/// The area that the crop shows, in frame px: [left, right) x [top, bottom).
cv::Rect2d footprint(const cv::Matx23d& m, cv::Size size) {
  const cv::Point2d corners[] = {map(m, 0, 0), map(m, size.width, 0), map(m, 0, size.height),
                                 map(m, size.width, size.height)};
  cv::Point2d low = corners[0];
  cv::Point2d high = corners[0];
  for (const cv::Point2d& p : corners) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

/// The frame's pixels that the crop needs, with a margin for interpolation. It starts at even positions,
/// where chroma samples begin.
cv::Rect needed(const cv::Rect2d& shown, cv::Size frame, double scale) {
  const double room = 2 * scale + 2;
  const auto clip = [](double value, int limit) {
    return static_cast<int>(std::clamp<double>(value, 0, limit));
  };
  const int left = clip(std::floor(shown.x - room), frame.width) & ~1;
  const int top = clip(std::floor(shown.y - room), frame.height) & ~1;
  const int right = clip(std::ceil(shown.x + shown.width + room), frame.width);
  const int bottom = clip(std::ceil(shown.y + shown.height + room), frame.height);
  return {left, top, right - left, bottom - top};
}

/// x' = (x - origin) * factor after `m`.
cv::Matx23d then_scale(const cv::Matx23d& m, cv::Point2d origin, double fx, double fy) {
  return {m(0, 0) * fx, m(0, 1) * fx, (m(0, 2) - origin.x) * fx,
          m(1, 0) * fy, m(1, 1) * fy, (m(1, 2) - origin.y) * fy};
}

/// Whether the map only shifts by whole pixels.
bool shifts_only(const cv::Matx23d& m) {
  return m(0, 0) == 1 && m(0, 1) == 0 && m(1, 0) == 0 && m(1, 1) == 1 && std::trunc(m(0, 2)) == m(0, 2) &&
         std::trunc(m(1, 2)) == m(1, 2);
}

/// Cuts a part out of the source, and repeats the source's edge outside it. The part must touch the source.
cv::Mat cut(const cv::Mat& source, const cv::Rect& part) {
  const cv::Rect inside = part & cv::Rect({0, 0}, source.size());
  cv::Mat out;
  cv::copyMakeBorder(source(inside), out, inside.y - part.y, part.br().y - inside.br().y, inside.x - part.x,
                     part.br().x - inside.br().x, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  return out;
}

/// warpAffine puts the origin at a pixel's centre, we at its corner. A shift by whole pixels is a copy: the
/// same values in a fraction of the time.
cv::Mat warp(const cv::Mat& source, const cv::Matx23d& m, cv::Size size) {
  if (shifts_only(m)) {
    const cv::Rect part({static_cast<int>(m(0, 2)), static_cast<int>(m(1, 2))}, size);
    if (!(part & cv::Rect({0, 0}, source.size())).empty())
      return cut(source, part);
  }
  const cv::Matx23d centred(m(0, 0), m(0, 1), m(0, 2) + 0.5 * (m(0, 0) + m(0, 1)) - 0.5, //
                            m(1, 0), m(1, 1), m(1, 2) + 0.5 * (m(1, 0) + m(1, 1)) - 0.5);
  cv::Mat out;
  cv::warpAffine(source, out, centred, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return out;
}

/// One plane's part of the crop. area: frame px. reduced: size that the area is scaled down to first; empty
/// when the crop is not much smaller than its area.
cv::Mat sample(const FrameView& frame, int index, const cv::Matx23d& m, cv::Size size, const cv::Rect& area,
               cv::Size reduced) {
  const cv::Mat whole = plane(frame, index);
  const int half = index == 0 ? 1 : 2;
  const cv::Rect part(area.x / half, area.y / half, (area.width + half - 1) / half,
                      (area.height + half - 1) / half);
  const cv::Mat source = whole(part);
  const cv::Point2d origin(area.x, area.y);
  if (reduced.empty())
    return warp(source, then_scale(m, origin, 1.0 / half, 1.0 / half), size);
  cv::Mat small;
  resize_area(source, reduced, small);
  const double covered_x = static_cast<double>(part.width) * half;
  const double covered_y = static_cast<double>(part.height) * half;
  return warp(small, then_scale(m, origin, reduced.width / covered_x, reduced.height / covered_y), size);
}

/// Samples chroma at every second crop pixel. That halves the cost and loses nothing, because chroma has half
/// the resolution.
cv::Mat sample_chroma(const FrameView& frame, int index, const cv::Matx23d& m, cv::Size size,
                      const cv::Rect& area, cv::Size reduced) {
  const cv::Size half((size.width + 1) / 2, (size.height + 1) / 2);
  const cv::Matx23d twice(m(0, 0) * 2, m(0, 1) * 2, m(0, 2), m(1, 0) * 2, m(1, 1) * 2, m(1, 2));
  if (!reduced.empty())
    reduced = {(reduced.width + 1) / 2, (reduced.height + 1) / 2};
  cv::Mat full;
  cv::resize(sample(frame, index, twice, half, area, reduced), full, {half.width * 2, half.height * 2}, 0, 0,
             cv::INTER_LINEAR);
  return full(cv::Rect({0, 0}, size));
}

/// Share of a bilinear sample at position `at` that lies within [0, size]. unit: width of a source sample.
double share(double at, int size, double unit) {
  return std::clamp(std::min(at, size - at) / unit + 0.5, 0.0, 1.0);
}

void blacken_outside(cv::Mat& rgb, const cv::Matx23d& m, cv::Size frame, double unit) {
  for (int y = 0; y < rgb.rows; ++y) {
    auto* row = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x) {
      const cv::Point2d p = map(m, x + 0.5, y + 0.5);
      const double inside = share(p.x, frame.width, unit) * share(p.y, frame.height, unit);
      if (inside < 1)
        for (int c = 0; c < 3; ++c)
          row[x][c] = static_cast<std::uint8_t>(std::lround(row[x][c] * inside));
    }
  }
}

void assemble(const FrameView& frame, const cv::Matx23d& m, cv::Size size, const cv::Rect& area,
              cv::Size reduced, cv::Mat& rgb) {
  cv::Mat main = sample(frame, 0, m, size, area, reduced);
  switch (frame.layout) {
  case Layout::planar420:
    yuv_to_rgb(main, sample_chroma(frame, 1, m, size, area, reduced),
               sample_chroma(frame, 2, m, size, area, reduced), {frame.full_range, frame.bt709}, rgb);
    return;
  case Layout::nv12: {
    std::array<cv::Mat, 2> chroma;
    cv::split(sample_chroma(frame, 1, m, size, area, reduced), chroma.data());
    yuv_to_rgb(main, chroma[0], chroma[1], {frame.full_range, frame.bt709}, rgb);
    return;
  }
  case Layout::packed:
    reorder_to_rgb(main, frame.rgb_offset, rgb);
    return;
  case Layout::gray:
    expand_luma(main, frame.full_range, main);
    cv::cvtColor(main, rgb, cv::COLOR_GRAY2RGB);
    return;
  }
}

} // namespace

cv::Mat crop_rgb(const FrameView& frame, const cv::Matx23f& crop_to_frame, cv::Size size, CropRule rule) {
  if (size.width < 1 || size.height < 1)
    throw std::invalid_argument("crop of " + std::to_string(size.width) + "x" + std::to_string(size.height));
  for (const float value : crop_to_frame.val)
    if (!std::isfinite(value))
      throw std::invalid_argument("crop matrix is not finite");
  const cv::Matx23d m(crop_to_frame);
  const double scale = std::sqrt(std::abs(m(0, 0) * m(1, 1) - m(0, 1) * m(1, 0)));
  const cv::Rect2d shown = footprint(m, size);
  cv::Mat rgb(size, CV_8UC3, cv::Scalar::all(0));
  const cv::Rect area = needed(shown, frame.size(), std::max(scale, 1.0));
  if (area.empty())
    return rgb;
  cv::Size reduced;
  if (rule.average && scale > 2) {
    const double factor = std::floor(scale);
    reduced = {std::max(1, static_cast<int>(std::lround(area.width / factor))),
               std::max(1, static_cast<int>(std::lround(area.height / factor)))};
  }
  assemble(frame, m, size, area, reduced, rgb);
  if (rule.repeat_edge)
    return rgb;
  if (shown.x < 0.5 || shown.y < 0.5 || shown.x + shown.width > frame.width - 0.5 ||
      shown.y + shown.height > frame.height - 0.5)
    blacken_outside(rgb, m, frame.size(), reduced.empty() ? 1.0 : scale);
  return rgb;
}

} // namespace deid::video
