#include "elements/video/color.hpp"
#include "elements/video/vectorised.hpp"
#include <algorithm>
#include <cmath>

namespace deid::video {

namespace {

struct Matrix {
  double kr, kb;
};
Matrix matrix(bool bt709) {
  return bt709 ? Matrix{0.2126, 0.0722} : Matrix{0.299, 0.114};
}

/// Factors with 12 fractional bits. A value shifted left by 7, times a factor, shifted right by 16 keeps 3 of
/// these bits. A 16-bit multiply-high does this for eight pixels at a time.
struct Factors {
  std::int16_t y_offset, y, rv, gu, gv, bu;
};

std::int16_t fixed(double value) {
  return static_cast<std::int16_t>(std::lround(value * 4096));
}

Factors factors(YuvKind kind) {
  const auto [kr, kb] = matrix(kind.bt709);
  const double kg = 1 - kr - kb;
  const double luma = kind.full_range ? 1.0 : 255.0 / 219.0;
  const double chroma = kind.full_range ? 1.0 : 255.0 / 224.0;
  return {static_cast<std::int16_t>(kind.full_range ? 0 : 16),
          fixed(luma),
          fixed(2 * (1 - kr) * chroma),
          fixed(-2 * (1 - kb) * kb / kg * chroma),
          fixed(-2 * (1 - kr) * kr / kg * chroma),
          fixed(2 * (1 - kb) * chroma)};
}

inline std::int16_t high(std::int16_t value, std::int16_t factor) {
  return static_cast<std::int16_t>((static_cast<int>(value) * static_cast<int>(factor)) >> 16);
}

inline std::uint8_t clip(std::int16_t eighths) {
  const auto value = static_cast<std::int16_t>((eighths + 5) >> 3);
  return static_cast<std::uint8_t>(std::clamp<std::int16_t>(value, 0, 255));
}

DEID_VECTORISED void convert_row(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                                 int count, const Factors& f, std::uint8_t* __restrict red,
                                 std::uint8_t* __restrict green, std::uint8_t* __restrict blue) {
  for (int x = 0; x < count; ++x) {
    const auto luma = static_cast<std::int16_t>((y[x] - f.y_offset) * 128);
    const auto cu = static_cast<std::int16_t>((u[x] - 128) * 128);
    const auto cv = static_cast<std::int16_t>((v[x] - 128) * 128);
    const std::int16_t base = high(luma, f.y);
    red[x] = clip(static_cast<std::int16_t>(base + high(cv, f.rv)));
    green[x] = clip(static_cast<std::int16_t>(base + high(cu, f.gu) + high(cv, f.gv)));
    blue[x] = clip(static_cast<std::int16_t>(base + high(cu, f.bu)));
  }
}

} // namespace

void yuv_to_rgb(const cv::Mat& y, const cv::Mat& u, const cv::Mat& v, YuvKind kind, cv::Mat& rgb) {
  CV_Assert(y.type() == CV_8UC1 && u.type() == CV_8UC1 && v.type() == CV_8UC1);
  CV_Assert(y.size() == u.size() && y.size() == v.size());
  const Factors f = factors(kind);
  std::array<cv::Mat, 3> channels{cv::Mat(y.size(), CV_8UC1), cv::Mat(y.size(), CV_8UC1),
                                  cv::Mat(y.size(), CV_8UC1)};
  for (int row = 0; row < y.rows; ++row)
    convert_row(y.ptr(row), u.ptr(row), v.ptr(row), y.cols, f, channels[0].ptr(row), channels[1].ptr(row),
                channels[2].ptr(row));
  cv::merge(channels.data(), channels.size(), rgb);
}

std::array<std::uint8_t, 3> rgb_to_yuv(const std::array<std::uint8_t, 3>& rgb, YuvKind kind) {
  const auto [kr, kb] = matrix(kind.bt709);
  const double r = rgb[0], g = rgb[1], b = rgb[2];
  const double luma = kr * r + (1 - kr - kb) * g + kb * b;
  const double cb = (b - luma) / (2 * (1 - kb));
  const double cr = (r - luma) / (2 * (1 - kr));
  const double luma_scale = kind.full_range ? 1.0 : 219.0 / 255.0;
  const double chroma_scale = kind.full_range ? 1.0 : 224.0 / 255.0;
  const auto byte = [](double value) {
    return static_cast<std::uint8_t>(std::clamp<long>(std::lround(value), 0, 255));
  };
  return {byte(luma * luma_scale + (kind.full_range ? 0 : 16)), byte(cb * chroma_scale + 128),
          byte(cr * chroma_scale + 128)};
}

void expand_luma(const cv::Mat& y, bool full_range, cv::Mat& luma) {
  if (full_range)
    y.copyTo(luma);
  else
    y.convertTo(luma, CV_8UC1, 255.0 / 219.0, -16 * 255.0 / 219.0);
}

void reorder_to_rgb(const cv::Mat& packed, const std::array<int, 3>& rgb_offset, cv::Mat& rgb) {
  rgb.create(packed.size(), CV_8UC3);
  const std::array<int, 6> pairs{rgb_offset[0], 0, rgb_offset[1], 1, rgb_offset[2], 2};
  cv::mixChannels(&packed, 1, &rgb, 1, pairs.data(), 3);
}

} // namespace deid::video
