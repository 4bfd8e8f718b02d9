#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace deid::statistics {

/// The value below which a share q [0..1] of the values lies. Interpolated linearly between neighbours, as
/// numpy does by default. Requires: sorted is ascending and not empty.
double quantile(std::span<const double> sorted, double q);

/// The same of values in any order; 0 when there are none.
double percentile(std::vector<double> values, double q);

/// The middle value, or the mean of the two middle values; 0 when there are none.
double median(std::vector<double> values);

/// The middle value, or the larger of the two middle values. Requires: values is not empty.
template <class T> T upper_median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace deid::statistics
