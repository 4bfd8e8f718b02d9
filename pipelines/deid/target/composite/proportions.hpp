#pragma once
#include "pipelines/deid/target/composite/face_points.hpp"
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace deid::composites {

/// One change of a face's proportions, such as {"nose_width", 1.5}. 1 is about one standard deviation between
/// people; negative values change the other way.
struct Proportion {
  std::string name{};
  double value = 0; ///< [-3..3]
};

constexpr double largest_proportion = 3;

/// Returns the names that reshape() knows.
std::vector<std::string_view> proportion_names();

/// Changes the proportions of an upright, symmetric face. The changes are smooth and symmetric; they are no
/// person's. Requires 468 points. Throws std::invalid_argument on an unknown name and on a value that is not
/// a number of -3 to 3. Thread: any.
void reshape(Face& face, std::span<const Proportion> proportions);

} // namespace deid::composites
