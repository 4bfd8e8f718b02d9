#include "elements/meta/fingerprint.hpp"
#include "elements/video/planes.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace deid {

namespace {

constexpr int columns = Fingerprint::columns;
constexpr int rows = Fingerprint::rows;
constexpr int across = 8; ///< samples in a block's row
constexpr int down = 4;   ///< rows of samples in a block

/// Position of sample `index` of `count` evenly spaced samples on `size` pixels.
int position(int index, int count, int size) {
  return static_cast<int>((2LL * index + 1) * size / (2LL * count));
}

/// Sums one block's samples as luma. Luma planes: one byte; packed: BT.601 weights that sum to 256.
struct Reader {
  explicit Reader(const video::FrameView& frame)
      : image(video::plane(frame, 0)), packed(frame.layout == video::Layout::packed),
        offset(frame.rgb_offset), expand(!packed && !frame.full_range) {
    for (int i = 0; i < columns * across; ++i)
      x.at(static_cast<std::size_t>(i)) = position(i, columns * across, image.cols) * image.channels();
  }

  [[nodiscard]] int sum(const std::uint8_t* row, int block) const {
    int total = 0;
    const int* at = x.data() + static_cast<std::ptrdiff_t>(block) * across;
    if (!packed) {
      for (int k = 0; k < across; ++k)
        total += row[at[k]];
      return total * 256;
    }
    for (int k = 0; k < across; ++k) {
      const std::uint8_t* pixel = row + at[k];
      total += 77 * pixel[offset[0]] + 150 * pixel[offset[1]] + 29 * pixel[offset[2]];
    }
    return total;
  }

  [[nodiscard]] std::uint8_t mean(int total) const {
    double value = static_cast<double>(total) / (256.0 * across * down);
    if (expand)
      value = (value - 16) * 255.0 / 219.0;
    return static_cast<std::uint8_t>(std::clamp<long>(std::lround(value), 0, 255));
  }

  cv::Mat image;
  bool packed;
  std::array<int, 3> offset;
  bool expand;
  std::array<int, columns * across> x{};
};

/// Measured on talking heads, signers and walkers: format conversion, halving and x264 up to crf 45 stay
/// within a mean of 3.2 and a block of 10. Mirrored or rotated clips start at a mean of 15.
struct Limits {
  double mean;
  int block;
};

/// Conversion, scaling and coding change the whole picture, so their worst block grows with the mean
/// (measured: at most 8 + 21 means, and 39). A face put into the picture changes one place. That place may be
/// smaller than the twentieth of the blocks that Limits::block ignores.
double worst_allowed(double mean) {
  return std::min(44.0, 8 + 24 * mean);
}

/// `now` adjusted to the brightness and contrast of `then`, within the effect of a wrong colour range
/// (16..235 or 0..255: GRAY8 from videoconvert has no stated range).
Fingerprint levelled(const Fingerprint& then, const Fingerprint& now) {
  double mean_then = 0, mean_now = 0;
  for (std::size_t i = 0; i < now.luma.size(); ++i) {
    mean_then += then.luma.at(i);
    mean_now += now.luma.at(i);
  }
  mean_then /= columns * rows;
  mean_now /= columns * rows;
  double common = 0, variance = 0;
  for (std::size_t i = 0; i < now.luma.size(); ++i) {
    common += (then.luma.at(i) - mean_then) * (now.luma.at(i) - mean_now);
    variance += (now.luma.at(i) - mean_now) * (now.luma.at(i) - mean_now);
  }
  const double gain = variance > 0 ? std::clamp(common / variance, 0.8, 1.25) : 1.0;
  const double offset = std::clamp(mean_then - gain * mean_now, -24.0, 24.0);
  Fingerprint out;
  for (std::size_t i = 0; i < now.luma.size(); ++i)
    out.luma.at(i) =
        static_cast<std::uint8_t>(std::clamp<long>(std::lround(gain * now.luma.at(i) + offset), 0, 255));
  return out;
}

struct Distance {
  double mean; ///< levels
  int block;   ///< levels; 19 of 20 blocks do not exceed it
  int worst;   ///< levels, greatest of all blocks
};

Distance distance(const Fingerprint& then, const Fingerprint& now, bool mirror_x, bool mirror_y) {
  std::array<int, 256> histogram{};
  int total = 0;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const int from = (mirror_y ? rows - 1 - y : y) * columns + (mirror_x ? columns - 1 - x : x);
      const int difference = std::abs(then.luma.at(static_cast<std::size_t>(from)) -
                                      now.luma.at(static_cast<std::size_t>(y * columns + x)));
      total += difference;
      ++histogram.at(static_cast<std::size_t>(difference));
    }
  int block = 0;
  for (int seen = histogram[0]; seen * 20 < columns * rows * 19;
       seen += histogram.at(static_cast<std::size_t>(block)))
    ++block;
  int worst = 255;
  while (worst > 0 && histogram.at(static_cast<std::size_t>(worst)) == 0)
    --worst;
  return {static_cast<double>(total) / (columns * rows), block, worst};
}

} // namespace

Fingerprint fingerprint(const video::FrameView& frame) {
  const Reader reader(frame);
  Fingerprint result;
  for (int by = 0; by < rows; ++by) {
    std::array<int, columns> total{};
    for (int k = 0; k < down; ++k) {
      const std::uint8_t* row = reader.image.ptr(position(by * down + k, rows * down, reader.image.rows));
      for (int bx = 0; bx < columns; ++bx)
        total.at(static_cast<std::size_t>(bx)) += reader.sum(row, bx);
    }
    for (int bx = 0; bx < columns; ++bx)
      result.luma.at(static_cast<std::size_t>(by * columns + bx)) =
          reader.mean(total.at(static_cast<std::size_t>(bx)));
  }
  return result;
}

bool matches(const Fingerprint& then, const Fingerprint& seen, bool same_geometry) {
  if (then == seen)
    return true;
  const Fingerprint now = same_geometry ? seen : levelled(then, seen);
  const Limits limits = same_geometry ? Limits{2.5, 8} : Limits{4, 12};
  const Distance straight = distance(then, now, false, false);
  if (straight.mean > limits.mean || straight.block > limits.block ||
      straight.worst > worst_allowed(straight.mean))
    return false;
  // when the mirror images are as near, the picture's orientation is unknown
  for (const auto& [mirror_x, mirror_y] : {std::pair{true, false}, {false, true}, {true, true}})
    if (straight.mean > distance(then, now, mirror_x, mirror_y).mean / 2)
      return false;
  return true;
}

} // namespace deid
