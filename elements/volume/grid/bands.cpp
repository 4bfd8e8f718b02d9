#include "elements/volume/grid/bands.hpp"
#include "elements/volume/grid/cubic.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>

namespace deid::volume {

namespace {

/// Shares of 1/4, 1/2, 1/4 along rows of `length` values that are `stride` apart.
void soften_row(float* first, std::size_t length, std::size_t stride) {
  float before = *first;
  for (std::size_t i = 0; i < length; ++i) {
    float& here = first[i * stride];
    const float next = i + 1 < length ? first[(i + 1) * stride] : here, old = here;
    here = 0.25F * before + 0.5F * here + 0.25F * next;
    before = old;
  }
}

std::vector<float> softened(const std::vector<float>& values, const std::array<int, 3>& size) {
  std::vector<float> to = values;
  const auto nx = static_cast<std::size_t>(size[0]), ny = static_cast<std::size_t>(size[1]),
             nz = static_cast<std::size_t>(size[2]);
  in_slices(size[2], [&](int z) {
    float* slice = to.data() + static_cast<std::size_t>(z) * nx * ny;
    for (std::size_t y = 0; y < ny; ++y)
      soften_row(slice + y * nx, nx, 1);
    for (std::size_t x = 0; x < nx; ++x)
      soften_row(slice + x, ny, nx);
  });
  in_slices(size[1], [&](int y) {
    for (std::size_t x = 0; x < nx; ++x)
      soften_row(to.data() + static_cast<std::size_t>(y) * nx + x, nz, nx * ny);
  });
  return to;
}

} // namespace

Bands::Bands(const Sampler& scan)
    : scan_(scan), to_index_(inverse(scan.about().to_world)),
      coarse_(softened(scan.values(), scan.about().size)) {}

double Bands::coarse(const Point& world) const {
  return cubic(coarse_, scan_.about().size, moved(to_index_, world));
}

double Bands::fine(const Point& world) const {
  const Point index = moved(to_index_, world);
  const auto& size = scan_.about().size;
  std::array<std::size_t, 3> at{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    at[axis] = static_cast<std::size_t>(
        std::lround(std::clamp(index[axis], 0.0, static_cast<double>(size[axis] - 1))));
  return fine((at[2] * static_cast<std::size_t>(size[1]) + at[1]) * static_cast<std::size_t>(size[0]) +
              at[0]);
}

} // namespace deid::volume
