#pragma once
#include "elements/volume/grid/field.hpp"

/// Distances on a grid. Plain C++; any thread.
namespace deid::volume {

/// The distance of every cell's centre to the surface of a mask [mm]: greater than 0 outside, less inside.
/// The surface lies half a cell from the cells on either side. `grid` gives the place. A mask without a
/// surface (empty, or all of the grid) gives the grid's greatest length, with its sign.
[[nodiscard]] Field signed_distance(const Field& grid, const Mask& mask);

} // namespace deid::volume
