#pragma once
#include "pipelines/deid/evaluate/options.hpp"

namespace deid::cli {

/// Runs the paper's experiment on these videos: every video under every method. Each such unit has its own
/// result below options.out. Then writes report.html, report.json and tables. Finished units whose key is
/// unchanged are kept. Returns the exit status: 1 when a unit failed (the report has the others). Throws
/// Failure.
int evaluate_videos(const EvaluateOptions& options);

} // namespace deid::cli
