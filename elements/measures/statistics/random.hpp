#pragma once
#include <cstddef>
#include <random>

namespace deid::statistics {

/// A random whole number in [0, bound). The same engine state gives the same number with every standard
/// library; std::uniform_int_distribution does not promise that.
inline std::size_t below(std::size_t bound, std::mt19937_64& random) {
  return static_cast<std::size_t>((static_cast<__uint128_t>(random()) * bound) >> 64U);
}

} // namespace deid::statistics
