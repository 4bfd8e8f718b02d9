#include "elements/video/paste.hpp"
#include "elements/video/planes.hpp"
#include "elements/video/vectorised.hpp"
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace deid::video {

namespace {

/// Coefficients of Y, U or V from R, G, B, with 16 fractional bits.
struct Row {
  int red, green, blue, offset;
  [[nodiscard]] int of(int r, int g, int b) const {
    return std::clamp((red * r + green * g + blue * b + offset + (1 << 15)) >> 16, 0, 255);
  }
};

struct ToYuv {
  Row y, u, v;
};

ToYuv to_yuv(const FrameView& frame) {
  const bool gray = frame.layout == Layout::gray;
  const double kr = frame.bt709 && !gray ? 0.2126 : 0.299, kb = frame.bt709 && !gray ? 0.0722 : 0.114;
  const double kg = 1 - kr - kb;
  const double luma = (frame.full_range ? 1.0 : 219.0 / 255.0) * 65536;
  const double chroma = (frame.full_range ? 1.0 : 224.0 / 255.0) * 65536;
  const auto fixed = [](double value) { return static_cast<int>(std::lround(value)); };
  const double u = chroma / (2 * (1 - kb)), v = chroma / (2 * (1 - kr));
  return {
      {fixed(kr * luma), fixed(kg * luma), fixed(kb * luma), (frame.full_range ? 0 : 16) << 16},
      {fixed(-kr * u), fixed(-kg * u), fixed((1 - kb) * u), 128 << 16},
      {fixed((1 - kr) * v), fixed(-kg * v), fixed(-kb * v), 128 << 16},
  };
}

/// Mixes two bytes; weight: of `now`, [0..255]. Divides by 255 without a division, exactly for all bytes.
std::uint8_t mix(int old, int now, int weight) {
  const unsigned sum = static_cast<unsigned>(old * (255 - weight) + now * weight + 127);
  return static_cast<std::uint8_t>((sum + 1 + (sum >> 8)) >> 8);
}

/// The part of the picture that lies on the frame.
struct Part {
  cv::Rect where; ///< frame px
  cv::Mat rgb, alpha;
};

DEID_VECTORISED void paste_luma_row(const std::uint8_t* __restrict rgb, const std::uint8_t* __restrict alpha,
                                    int count, Row luma, std::uint8_t* __restrict out) {
  for (int x = 0; x < count; ++x) // without a condition, so that the compiler can vectorise
    out[x] = mix(out[x], luma.of(rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]), alpha[x]);
}

void paste_luma(FrameView& frame, const Part& part, const ToYuv& m) {
  cv::Mat plane_y = plane(frame, 0)(part.where);
  for (int y = 0; y < part.where.height; ++y)
    paste_luma_row(part.rgb.ptr(y), part.alpha.ptr(y), part.where.width, m.y, plane_y.ptr(y));
}

void paste_packed(FrameView& frame, const Part& part) {
  const cv::Mat all = plane(frame, 0);
  const int step = frame.pixel_stride;
  const int filler = step == 4 ? 6 - frame.rgb_offset[0] - frame.rgb_offset[1] - frame.rgb_offset[2] : -1;
  for (int y = 0; y < part.where.height; ++y) {
    const auto* rgb = part.rgb.ptr<cv::Vec3b>(y);
    const std::uint8_t* alpha = part.alpha.ptr(y);
    std::uint8_t* out = const_cast<std::uint8_t*>(all.ptr(part.where.y + y)) + part.where.x * step;
    for (int x = 0; x < part.where.width; ++x, out += step) {
      if (alpha[x] == 0)
        continue;
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& byte = out[frame.rgb_offset.at(static_cast<std::size_t>(c))];
        byte = mix(byte, rgb[x][c], alpha[x]);
      }
      if (filler >= 0)
        out[filler] = 255;
    }
  }
}

/// Alpha-weighted sums over the pixels of one chroma sample.
struct Block {
  int weight = 0, red = 0, green = 0, blue = 0;
  int most = 0; ///< largest alpha
};

Block block(const Part& part, cv::Size frame, int cx, int cy) {
  Block sum;
  for (int y = 2 * cy; y < std::min(2 * cy + 2, frame.height); ++y)
    for (int x = 2 * cx; x < std::min(2 * cx + 2, frame.width); ++x) {
      if (!part.where.contains({x, y}))
        continue;
      const int alpha = part.alpha.at<std::uint8_t>(y - part.where.y, x - part.where.x);
      const auto& rgb = part.rgb.at<cv::Vec3b>(y - part.where.y, x - part.where.x);
      sum.weight += alpha;
      sum.most = std::max(sum.most, alpha);
      sum.red += alpha * rgb[0];
      sum.green += alpha * rgb[1];
      sum.blue += alpha * rgb[2];
    }
  return sum;
}

/// Returns the mean colour of a chroma sample's pixels when the picture covers all four fully; nothing
/// otherwise. x, y: of the first one in the part.
std::optional<cv::Vec3i> full_block(const Part& part, int x, int y) {
  if (x < 0 || y < 0 || x + 1 >= part.where.width || y + 1 >= part.where.height)
    return {};
  const std::uint8_t *upper = part.alpha.ptr(y) + x, *lower = part.alpha.ptr(y + 1) + x;
  if ((upper[0] & upper[1] & lower[0] & lower[1]) != 255)
    return {};
  const auto *above = part.rgb.ptr<cv::Vec3b>(y) + x, *below = part.rgb.ptr<cv::Vec3b>(y + 1) + x;
  cv::Vec3i mean;
  for (int c = 0; c < 3; ++c)
    mean[c] = (above[0][c] + above[1][c] + below[0][c] + below[1][c] + 2) / 4;
  return mean;
}

void paste_chroma(FrameView& frame, const Part& part, const ToYuv& m) {
  const bool together = frame.layout == Layout::nv12;
  cv::Mat first = plane(frame, 1);
  cv::Mat second = together ? first : plane(frame, 2);
  const int step = together ? 2 : 1;
  for (int cy = part.where.y / 2; cy <= (part.where.br().y - 1) / 2; ++cy) {
    std::uint8_t* u = first.ptr(cy);
    std::uint8_t* v = second.ptr(cy) + (together ? 1 : 0);
    for (int cx = part.where.x / 2; cx <= (part.where.br().x - 1) / 2; ++cx) {
      if (const auto full = full_block(part, 2 * cx - part.where.x, 2 * cy - part.where.y)) {
        u[cx * step] = static_cast<std::uint8_t>(m.u.of((*full)[0], (*full)[1], (*full)[2]));
        v[cx * step] = static_cast<std::uint8_t>(m.v.of((*full)[0], (*full)[1], (*full)[2]));
        continue;
      }
      const Block sum = block(part, frame.size(), cx, cy);
      if (sum.weight == 0)
        continue;
      const auto mean = [&](int value) { return (value + sum.weight / 2) / sum.weight; };
      const int r = mean(sum.red), g = mean(sum.green), b = mean(sum.blue);
      u[cx * step] = mix(u[cx * step], m.u.of(r, g, b), sum.most);
      v[cx * step] = mix(v[cx * step], m.v.of(r, g, b), sum.most);
    }
  }
}

} // namespace

void paste_rgb(FrameView& frame, cv::Point at, const cv::Mat& rgb, const cv::Mat& alpha) {
  if (rgb.type() != CV_8UC3 || alpha.type() != CV_8UC1 || rgb.size() != alpha.size())
    throw std::invalid_argument("picture and alpha do not fit each other");
  const cv::Rect where = cv::Rect(at, rgb.size()) & cv::Rect({0, 0}, frame.size());
  if (where.empty())
    return;
  const Part part{where, rgb(where - at), alpha(where - at)};
  if (frame.layout == Layout::packed) {
    paste_packed(frame, part);
    return;
  }
  const ToYuv m = to_yuv(frame);
  paste_luma(frame, part, m);
  if (frame.layout != Layout::gray)
    paste_chroma(frame, part, m);
}

} // namespace deid::video
