#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cstddef>
#include <utility>

namespace deid::statistics {

double quantile(std::span<const double> sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double percentile(std::vector<double> values, double q) {
  if (values.empty())
    return 0;
  std::ranges::sort(values);
  return quantile(values, q);
}

double median(std::vector<double> values) {
  return percentile(std::move(values), .5);
}

} // namespace deid::statistics
