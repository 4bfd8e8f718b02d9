#pragma once
#include "elements/volume/volume.hpp"
#include <array>

/// Points and affine maps of the world [mm]. Plain C++.
namespace deid::volume {

using Point = std::array<double, 3>;

[[nodiscard]] Point moved(const Affine& map, const Point& point);
/// Requires: determinant(map) != 0.
[[nodiscard]] Affine inverse(const Affine& map);
/// First `second`, then `first`.
[[nodiscard]] Affine compose(const Affine& first, const Affine& second);
/// The singular values of the linear part, the greatest first: by how much the map stretches lengths.
[[nodiscard]] std::array<double, 3> stretches(const Affine& map);
[[nodiscard]] double distance(const Point& a, const Point& b);

} // namespace deid::volume
