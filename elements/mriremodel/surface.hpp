#pragma once
#include "elements/mriremodel/people.hpp"
#include "elements/volume/grid/field.hpp"
#include <vector>

/// A mesh as a distance. Plain C++.
namespace deid::mriremodel {

/// The distance to the mesh [mm], less than 0 inside, on cubes of `spacing`. The grid holds `around` and all
/// of the mesh but what lies behind or below `around`. Gaps of up to 6 mm are closed: nostrils, the mouth,
/// lids. Below the mesh's edge its last cross section goes on. Throws std::invalid_argument when the mesh
/// does not reach into `around`.
[[nodiscard]] volume::Field solid_distance(const Mesh& mesh, const volume::Field& around, double spacing);

/// For every vertex whether it lies on the outside: not in the mouth, the nose, or behind the lids.
[[nodiscard]] std::vector<bool> outside_of(const Mesh& mesh);

} // namespace deid::mriremodel
