#include "pipelines/deid/slurm/shards.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace deid::cli {

Packing pack(std::vector<Load> loads, double target, std::uint32_t most) {
  std::ranges::sort(loads, [](const Load& a, const Load& b) {
    return a.seconds != b.seconds ? a.seconds > b.seconds : a.record < b.record; // the same plan each time
  });
  Packing packing;
  packing.total = std::accumulate(loads.begin(), loads.end(), 0.0,
                                  [](double sum, const Load& load) { return sum + load.seconds; });
  const double parts = std::max(1.0, std::ceil(packing.total / target));
  packing.shards = static_cast<std::uint32_t>(
      std::min({parts, static_cast<double>(most), static_cast<double>(loads.size())}));
  std::vector<double> full(packing.shards, 0.0);
  for (const Load& load : loads) {
    const auto least = std::ranges::min_element(full);
    *least += load.seconds;
    packing.plan[load.record] = static_cast<std::uint32_t>(least - full.begin()) + 1;
  }
  packing.longest = *std::ranges::max_element(full);
  return packing;
}

} // namespace deid::cli
