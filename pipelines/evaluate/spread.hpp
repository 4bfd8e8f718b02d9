#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace deid::evaluate {

/// Mean and spread of some numbers; all 0 when n is 0.
struct Spread {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0; ///< with n - 1; 0 when n is 1
  double min = 0, median = 0, max = 0;
};
Spread spread_of(std::vector<double> values);

/// 95 % of what is believable; known is false where nothing can be said.
struct Interval {
  double low = 0, high = 0;
  bool known = false;
};

/// Wilson 1927 of hits among n, each a draw of its own: too narrow for neighbouring frames. Unknown with n =
/// 0.
Interval wilson(std::size_t hits, std::size_t n);

/// Hits among tries of one person.
struct Tally {
  std::size_t hits = 0, tries = 0;
};
constexpr std::size_t resamples = 1000;
/// Share of hits when whole people are drawn anew (percentiles 2.5 and 97.5, linear between values as
/// numpy's, std::mt19937_64 with seed 1): says something about other people. Unknown with fewer than 2 people
/// with tries.
Interval by_people(std::span<const Tally> people);

/// The value below which a share q [0..1] lies, linear between values as numpy's. Requires sorted and not
/// empty.
double quantile(std::span<const double> sorted, double q);

} // namespace deid::evaluate
