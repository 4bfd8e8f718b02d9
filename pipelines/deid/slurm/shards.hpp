#pragma once
#include "pipelines/deid/archive/shard.hpp"
#include <string>
#include <vector>

namespace deid::cli {

/// One file that is to be done.
struct Load {
  std::string record{}; ///< folder of its record
  double seconds = 0;   ///< predicted
};

struct Packing {
  archive::Plan plan{};
  std::uint32_t shards = 0;
  double longest = 0, total = 0; ///< [s], predicted
};

/// Puts files into parts of about `target` seconds: the longest file first, each into the part that has least
/// to do (LPT). At most `most` parts. Requires: loads is not empty.
Packing pack(std::vector<Load> loads, double target, std::uint32_t most);

} // namespace deid::cli
