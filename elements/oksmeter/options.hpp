#pragma once
#include "elements/base/property_table.hpp"
#include "elements/oksmeter/meter.hpp"
#include <filesystem>

namespace deid::oksmeter {

/// The values of the element's properties. Copied at start.
struct MeterOptions {
  coco::ScaleRule scale{.fixed = 100};
  double min_score = 0;
  std::string primary = "all";
  std::filesystem::path reference{}; ///< file with keypoints of the original, instead of metadata
  std::filesystem::path location{}, csv{};
  std::uint64_t period = 0; ///< [ns] of stream time between messages; 0: only at the end
  unsigned block = 0, resamples = 1000, seed = 1;
  bool every_pair = false;
};

/// Throws std::invalid_argument when a value is out of range.
MeterRule rule_of(const MeterOptions& options);

/// Returns the element's properties. Call install() once in class_init, and set() and get() under the
/// element's lock.
const PropertyTable<MeterOptions>& properties();

} // namespace deid::oksmeter
