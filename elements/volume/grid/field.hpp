#pragma once
#include "elements/volume/grid/affine.hpp"
#include "elements/volume/volume.hpp"
#include <cstddef>
#include <span>
#include <vector>

/// A volume's values in the world, for what works in millimetres. The stored voxels are never changed here.
/// Plain C++; every function may be called from any thread.
namespace deid::volume {

/// Numbers on cubes that stand along the world's axes.
struct Field {
  std::array<int, 3> size{}; ///< cells along x (the next in memory), y, z
  double spacing = 1.0;      ///< [mm] between cells
  Point origin{};            ///< [mm] the centre of the first cell
  std::vector<float> values{};

  [[nodiscard]] std::size_t index(int x, int y, int z) const {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size[1]) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(size[0]) +
           static_cast<std::size_t>(x);
  }
  [[nodiscard]] Point world(int x, int y, int z) const {
    return {origin[0] + spacing * x, origin[1] + spacing * y, origin[2] + spacing * z};
  }
};

/// Cells that belong to something (1) or not (0), of the same grid as a field.
using Mask = std::vector<unsigned char>;

/// A volume's values [slope and intercept applied] between its voxels.
class Sampler {
public:
  /// Requires: voxels.size() == about.bytes().
  Sampler(const Description& about, std::span<const std::byte> voxels);

  /// The value there, linear between voxels. Outside the volume: least().
  [[nodiscard]] float at(const Point& world) const;
  /// The value there; outside the volume that of the nearest place inside. A cut through the head is then no
  /// surface of it.
  [[nodiscard]] float nearest(const Point& world) const;
  /// Whether the place lies in a voxel.
  [[nodiscard]] bool holds(const Point& world) const;
  [[nodiscard]] float least() const { return least_; }
  [[nodiscard]] const Description& about() const { return about_; }
  /// The values of all voxels in the order they are stored.
  [[nodiscard]] const std::vector<float>& values() const { return values_; }

private:
  Description about_;
  Affine to_index_;
  std::vector<float> values_;
  float least_ = 0;
};

/// Calls visit(voxel, place in the world) for the stored voxels of the slices [first, last), in their order.
template <class Visit> void each_voxel(const Description& about, int first, int last, const Visit& visit) {
  std::size_t voxel = static_cast<std::size_t>(first) * static_cast<std::size_t>(about.size[0]) *
                      static_cast<std::size_t>(about.size[1]);
  for (int k = first; k < last; ++k)
    for (int j = 0; j < about.size[1]; ++j)
      for (int i = 0; i < about.size[0]; ++i, ++voxel)
        visit(voxel, moved(about.to_world,
                           {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
}
/// The same for all voxels.
template <class Visit> void each_voxel(const Description& about, const Visit& visit) {
  each_voxel(about, 0, about.size[2], visit);
}

/// The field's value there, linear between cells. Outside the field: `outside`.
[[nodiscard]] float sample(const Field& field, const Point& world, float outside);

/// An empty field around all corners of a volume, on cubes of `spacing` [mm].
[[nodiscard]] Field grid_around(const Description& about, double spacing);

/// The volume on cubes of `spacing` [mm]. A cell has the mean of the volume in it. The field holds all
/// corners of the volume; what is outside the volume has least().
[[nodiscard]] Field resampled(const Sampler& volume, double spacing);

/// Cuts the darkest and the brightest values off, each `share` [0..1] of all: single bright voxels would
/// otherwise decide about every histogram.
void clip(Field& field, double share);

/// The value that separates dark from bright best (Otsu). Requires: at least one value.
[[nodiscard]] float otsu(std::span<const float> values);

/// The head of a magnetic resonance image: cells brighter than .45 of Otsu's value, of which the largest
/// connected part, closed by `closing` cells, without holes. Empty (all 0) when nothing is bright.
[[nodiscard]] Mask head_of(const Field& field, int closing);

/// Closes gaps of up to 2 x `cells` in a mask, in place.
void close_gaps(const Field& grid, Mask& mask, int cells);

/// One cell more on every side for value 1, or with value 0 one less. The edge of the grid adds nothing.
void spread(const Field& grid, Mask& mask, unsigned char value);

/// Marks with `to` all cells of value `from` that hang together with the cell `seed`, which has `from`, too.
/// Returns their number.
std::size_t flood(const Field& grid, Mask& mask, std::size_t seed, unsigned char from, unsigned char to);

/// Fills what is enclosed in a slice across the body: mouth, throat and sinuses.
void fill_slices(const Field& grid, Mask& mask);

/// The centre of a mask's cells in the world [mm]. Requires: at least one cell.
[[nodiscard]] Point centre_of(const Field& field, const Mask& mask);

} // namespace deid::volume
