#include "elements/volume/grid/cubic.hpp"
#include <algorithm>
#include <cmath>

namespace deid::volume {

namespace {

constexpr double sharpness = -0.75; ///< Keys' a: -.5 is exact for parabolas, less is sharper

/// The shares of four neighbours; t: place between the middle two [0..1].
std::array<double, 4> shares(double t) {
  const auto near = [](double x) { return ((sharpness + 2) * x - (sharpness + 3)) * x * x + 1; };
  const auto far = [](double x) {
    return ((sharpness * x - 5 * sharpness) * x + 8 * sharpness) * x - 4 * sharpness;
  };
  return {far(1 + t), near(t), near(1 - t), far(2 - t)};
}

/// Along one axis: the four voxels, held inside the volume, and their shares.
struct CubicLine {
  std::array<std::size_t, 4> voxels{};
  std::array<double, 4> shares{};
};

CubicLine line_at(double index, int size) {
  const double inside = std::clamp(index, 0.0, static_cast<double>(size - 1)), low = std::floor(inside);
  CubicLine line{{}, shares(inside - low)};
  for (std::size_t i = 0; i < 4; ++i)
    line.voxels.at(i) =
        static_cast<std::size_t>(std::clamp(static_cast<int>(low) + static_cast<int>(i) - 1, 0, size - 1));
  return line;
}

} // namespace

double cubic(const std::vector<float>& values, const std::array<int, 3>& size, const Point& at) {
  const CubicLine x = line_at(at[0], size[0]), y = line_at(at[1], size[1]), z = line_at(at[2], size[2]);
  const auto nx = static_cast<std::size_t>(size[0]), ny = static_cast<std::size_t>(size[1]);
  double sum = 0;
  for (std::size_t k = 0; k < 4; ++k)
    for (std::size_t j = 0; j < 4; ++j) {
      const float* row = values.data() + (z.voxels[k] * ny + y.voxels[j]) * nx;
      double across = 0;
      for (std::size_t i = 0; i < 4; ++i)
        across += x.shares[i] * static_cast<double>(row[x.voxels[i]]);
      sum += z.shares[k] * y.shares[j] * across;
    }
  return sum;
}

CubicSampler::CubicSampler(const Sampler& scan)
    : scan_(scan), to_index_(inverse(scan.about().to_world)),
      most_(*std::ranges::max_element(scan.values())) {}

float CubicSampler::at(const Point& world) const {
  const double value = cubic(scan_.values(), scan_.about().size, moved(to_index_, world));
  return std::clamp(static_cast<float>(value), scan_.least(), most_);
}

} // namespace deid::volume
