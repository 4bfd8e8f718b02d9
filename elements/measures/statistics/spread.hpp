#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace deid::statistics {

/// Mean and spread of a list of numbers. All values are 0 when n is 0.
struct Spread {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0; ///< with n - 1; 0 when n is 1
  double min = 0, median = 0, max = 0;
};
Spread spread_of(std::vector<double> values);

/// A 95 % interval. known is false when there is none.
struct Interval {
  double low = 0, high = 0;
  bool known = false;
};

/// Wilson's interval (1927) of hits among n independent draws. It is too narrow for neighbouring frames.
/// Unknown when n is 0.
Interval wilson(std::size_t hits, std::size_t n);

/// Hits and tries of one person.
struct HitCount {
  std::size_t hits = 0, tries = 0;
};
constexpr std::size_t resamples = 1000;
/// Interval of the share of hits from a bootstrap over people, so that it holds for other people. Percentiles
/// are 2.5 and 97.5, interpolated as numpy does; the generator is std::mt19937_64 with seed 1. Unknown with
/// fewer than 2 people with tries.
Interval by_people(std::span<const HitCount> people);

} // namespace deid::statistics
