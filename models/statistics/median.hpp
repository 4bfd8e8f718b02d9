#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

namespace deid::statistics {

/// The middle value, or the larger of the two middle values. Requires: values is not empty.
template <class T> T upper_median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace deid::statistics
