#pragma once
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

} // namespace deid::statistics
