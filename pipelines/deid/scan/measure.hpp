#pragma once
#include "pipelines/deid/measure/options.hpp"

/// `deid measure` for two scans of one head.
namespace deid::cli {

/// Writes scan.json and scan.html into options.out, both or none. The page shows the result from all sides,
/// and the original only when asked. Returns the exit status. Throws Failure.
int measure_scans(const MeasureOptions& options);

} // namespace deid::cli
