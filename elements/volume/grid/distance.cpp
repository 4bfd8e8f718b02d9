// Exact distances in three passes (Felzenszwalb and Huttenlocher 2012, "Distance Transforms of Sampled
// Functions").
#include "elements/volume/grid/distance.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace deid::volume {

namespace {

constexpr float far = 1e20F; ///< of a cell that no other cell was compared with yet [cells, squared]

/// One line: the least of f(q) + (p - q)^2 over all q.
class Line {
public:
  explicit Line(std::size_t longest) : values_(longest), places_(longest), borders_(longest + 1) {}

  void run(float* first, std::size_t length, std::size_t stride) {
    for (std::size_t i = 0; i < length; ++i)
      values_[i] = first[i * stride];
    std::size_t last = 0;
    places_[0] = 0;
    borders_[0] = -far;
    borders_[1] = far;
    for (std::size_t q = 1; q < length; ++q) {
      float border = crossing(q, places_[last]);
      while (border <= borders_[last])
        border = crossing(q, places_[--last]);
      places_[++last] = q;
      borders_[last] = border;
      borders_[last + 1] = far;
    }
    last = 0;
    for (std::size_t p = 0; p < length; ++p) {
      while (borders_[last + 1] < static_cast<float>(p))
        ++last;
      const float apart = static_cast<float>(p) - static_cast<float>(places_[last]);
      first[p * stride] = apart * apart + values_[places_[last]];
    }
  }

private:
  /// Where the parabolas of two cells cross.
  [[nodiscard]] float crossing(std::size_t q, std::size_t r) const {
    const auto a = static_cast<double>(q), b = static_cast<double>(r);
    return static_cast<float>((values_[q] + a * a - (values_[r] + b * b)) / (2 * (a - b)));
  }
  std::vector<float> values_;
  std::vector<std::size_t> places_;
  std::vector<float> borders_;
};

/// One row of zeros and `far`: the squared distance to the nearest zero, in one run each way.
void sweep(float* row, std::size_t length) {
  float apart = far;
  for (std::size_t i = 0; i < length; ++i) {
    apart = row[i] == 0 ? 0 : apart + 1;
    row[i] = std::min(far, apart * apart);
  }
  apart = far;
  for (std::size_t i = length; i-- > 0;) {
    apart = row[i] == 0 ? 0 : apart + 1;
    row[i] = std::min(row[i], apart * apart);
  }
}

/// The squared distance [cells] of every cell to the nearest one whose mask is `of`.
std::vector<float> squared_distance(const Field& grid, const Mask& mask, unsigned char of) {
  std::vector<float> to(mask.size());
  std::ranges::transform(mask, to.begin(), [of](unsigned char cell) { return cell == of ? 0.F : far; });
  const auto nx = static_cast<std::size_t>(grid.size[0]), ny = static_cast<std::size_t>(grid.size[1]),
             nz = static_cast<std::size_t>(grid.size[2]);
  const std::size_t longest = std::max({nx, ny, nz});
  in_slices(grid.size[2], [&](int z) {
    Line line(longest);
    float* slice = to.data() + static_cast<std::size_t>(z) * nx * ny;
    for (std::size_t y = 0; y < ny; ++y)
      sweep(slice + y * nx, nx);
    for (std::size_t x = 0; x < nx; ++x)
      line.run(slice + x, ny, nx);
  });
  in_slices(grid.size[1], [&](int y) {
    Line line(longest);
    for (std::size_t x = 0; x < nx; ++x)
      line.run(to.data() + static_cast<std::size_t>(y) * nx + x, nz, nx * ny);
  });
  return to;
}

} // namespace

Field signed_distance(const Field& grid, const Mask& mask) {
  const std::vector<float> to_mask = squared_distance(grid, mask, 1),
                           to_rest = squared_distance(grid, mask, 0);
  const double longest = grid.spacing * *std::ranges::max_element(grid.size);
  Field distance = grid;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const bool inside = mask[i] != 0;
    const double length =
        (std::sqrt(static_cast<double>(inside ? to_rest[i] : to_mask[i])) - 0.5) * grid.spacing;
    distance.values[i] = static_cast<float>((inside ? -1 : 1) * std::min(length, longest));
  }
  return distance;
}

} // namespace deid::volume
