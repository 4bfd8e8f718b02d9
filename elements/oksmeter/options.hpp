#pragma once
#include "elements/oksmeter/meter.hpp"
#include <filesystem>
#include <glib-object.h>

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

/// The element's properties for GObject. set and get return false on an unknown id.
bool set_meter_option(MeterOptions& options, guint id, const GValue* value);
bool get_meter_option(const MeterOptions& options, guint id, GValue* value);
void install_meter_options(GObjectClass* klass);

} // namespace deid::oksmeter
