#pragma once
#include "elements/meta/face_region.hpp"
#include <cstddef>
#include <cstdint>

namespace deid::identity {

/// What the cover did to a face; unknown when no metadata says it.
enum class State : std::uint8_t { swapped, blurred, covered, none, unknown };
constexpr std::size_t state_count = 5;
const char* to_string(State state);
State state_of(Treatment treatment);

} // namespace deid::identity
