#pragma once
#include "elements/video/frame_view.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace deid::test {

struct Kind {
  std::string name;
  video::Layout layout;
  int pixel_stride = 1;
  std::array<int, 3> rgb_offset{};
  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

inline const std::vector<Kind>& kinds() {
  using video::Layout;
  static const std::vector<Kind> all{{"planar420", Layout::planar420},
                                     {"nv12", Layout::nv12},
                                     {"BGR", Layout::packed, 3, {2, 1, 0}},
                                     {"RGB", Layout::packed, 3, {0, 1, 2}},
                                     {"BGRx", Layout::packed, 4, {2, 1, 0}},
                                     {"RGBx", Layout::packed, 4, {0, 1, 2}},
                                     {"xBGR", Layout::packed, 4, {3, 2, 1}},
                                     {"xRGB", Layout::packed, 4, {1, 2, 3}},
                                     {"gray", Layout::gray}};
  return all;
}

/// A frame with memory of its own: rows are padded, and the padding holds a canary.
struct TestFrame {
  static constexpr std::uint8_t canary = 0xA5;
  Kind kind;
  std::array<std::vector<std::uint8_t>, 3> memory{};
  video::FrameView view{};

  TestFrame(const Kind& k, int width, int height, int padding = 5) : kind(k) {
    view.layout = k.layout;
    view.width = width;
    view.height = height;
    view.pixel_stride = k.pixel_stride;
    view.rgb_offset = k.rgb_offset;
    for (int i = 0; i < plane_count(); ++i) {
      memory.at(index(i)).assign(static_cast<std::size_t>((row_bytes(i) + padding) * rows(i)), canary);
      view.planes.at(index(i)) = {memory.at(index(i)).data(), row_bytes(i) + padding};
    }
  }
  TestFrame(const TestFrame& other) : kind(other.kind), memory(other.memory), view(other.view) { rebind(); }
  TestFrame& operator=(const TestFrame&) = delete;

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] int plane_count() const {
    return kind.layout == video::Layout::planar420 ? 3 : kind.layout == video::Layout::nv12 ? 2 : 1;
  }
  [[nodiscard]] int step(int plane) const {
    return kind.layout == video::Layout::packed ? kind.pixel_stride
                                                : (kind.layout == video::Layout::nv12 && plane == 1 ? 2 : 1);
  }
  [[nodiscard]] int columns(int plane) const { return plane == 0 ? view.width : (view.width + 1) / 2; }
  [[nodiscard]] int rows(int plane) const { return plane == 0 ? view.height : (view.height + 1) / 2; }
  [[nodiscard]] int row_bytes(int plane) const { return columns(plane) * step(plane); }
  [[nodiscard]] std::uint8_t* at(int plane, int x, int y) {
    return view.planes.at(index(plane)).data + y * view.planes.at(index(plane)).stride + x * step(plane);
  }

  /// Every byte of every pixel: value(plane, x, y, byte).
  template <class Value> void fill(Value&& value) {
    for (int p = 0; p < plane_count(); ++p)
      for (int y = 0; y < rows(p); ++y)
        for (int x = 0; x < columns(p); ++x)
          for (int b = 0; b < step(p); ++b)
            at(p, x, y)[b] = static_cast<std::uint8_t>(value(p, x, y, b));
  }
  void randomize(unsigned seed) {
    std::mt19937 random(seed);
    fill([&](int, int, int, int) { return random() & 0xFF; });
  }
  /// Slow waves in every plane; no colour of theirs is clipped in RGB.
  void waves() {
    fill([&](int p, int x, int y, int b) {
      return 128 + (p == 0 ? 60 : 25) * std::sin(x / 9.0 + b + p) * std::cos(y / 11.0 + 2 * b);
    });
  }
  [[nodiscard]] bool padding_intact() {
    for (int p = 0; p < plane_count(); ++p)
      for (int y = 0; y < rows(p); ++y)
        for (std::ptrdiff_t b = row_bytes(p); b < view.planes.at(index(p)).stride; ++b)
          if (view.planes.at(index(p)).data[y * view.planes.at(index(p)).stride + b] != canary)
            return false;
    return true;
  }

  /// Slow, by the formulas: R, G, B of a pixel as doubles; chroma bilinear with centred samples.
  [[nodiscard]] std::array<double, 3> rgb(int x, int y) {
    if (kind.layout == video::Layout::packed) {
      const std::uint8_t* p = at(0, x, y);
      return {double(p[kind.rgb_offset[0]]), double(p[kind.rgb_offset[1]]), double(p[kind.rgb_offset[2]])};
    }
    const double gain = view.full_range ? 1 : 255.0 / 219;
    const double luma = (*at(0, x, y) - (view.full_range ? 0 : 16)) * gain;
    if (kind.layout == video::Layout::gray)
      return {clip(luma), clip(luma), clip(luma)};
    const double cgain = view.full_range ? 1 : 255.0 / 224;
    const double u = (chroma(0, x, y) - 128) * cgain;
    const double v = (chroma(1, x, y) - 128) * cgain;
    const double kr = view.bt709 ? 0.2126 : 0.299, kb = view.bt709 ? 0.0722 : 0.114, kg = 1 - kr - kb;
    return {clip(luma + 2 * (1 - kr) * v),
            clip(luma - 2 * kb * (1 - kb) / kg * u - 2 * kr * (1 - kr) / kg * v),
            clip(luma + 2 * (1 - kb) * u)};
  }

private:
  static double clip(double value) { return std::clamp(value, 0.0, 255.0); }
  double chroma_sample(int which, int x, int y) {
    x = std::clamp(x, 0, columns(1) - 1);
    y = std::clamp(y, 0, rows(1) - 1);
    return kind.layout == video::Layout::nv12 ? at(1, x, y)[which] : *at(1 + which, x, y);
  }
  double chroma(int which, int x, int y) {
    const double cx = (x + 0.5) / 2 - 0.5, cy = (y + 0.5) / 2 - 0.5;
    const int x0 = static_cast<int>(std::floor(cx)), y0 = static_cast<int>(std::floor(cy));
    const double fx = cx - x0, fy = cy - y0;
    return (chroma_sample(which, x0, y0) * (1 - fx) + chroma_sample(which, x0 + 1, y0) * fx) * (1 - fy) +
           (chroma_sample(which, x0, y0 + 1) * (1 - fx) + chroma_sample(which, x0 + 1, y0 + 1) * fx) * fy;
  }
  void rebind() {
    for (int i = 0; i < plane_count(); ++i)
      view.planes.at(index(i)).data = memory.at(index(i)).data();
  }
};

} // namespace deid::test
