#include "elements/measures/statistics/roc_area.hpp"
#include <algorithm>
#include <vector>

namespace deid::statistics {

std::optional<double> roc_area(std::span<const double> own, std::span<const double> other) {
  if (own.empty() || other.empty())
    return {};
  std::vector<double> sorted(other.begin(), other.end());
  std::ranges::sort(sorted);
  double pairs = 0;
  for (const double distance : own) {
    const auto [from, to] = std::ranges::equal_range(sorted, distance);
    pairs += static_cast<double>(sorted.end() - to) + .5 * static_cast<double>(to - from);
  }
  return pairs / (static_cast<double>(own.size()) * static_cast<double>(other.size()));
}

} // namespace deid::statistics
