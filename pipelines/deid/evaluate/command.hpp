#pragma once
#include "pipelines/deid/evaluate/options.hpp"

namespace deid::cli {

/// The paper's experiment on these videos: every video under every method, each a unit with its own result
/// below options.out, then report.html, report.json and tables. Units that are done and still true are kept.
/// Returns the exit status (1 when a unit failed; the others are in the report); throws Failure.
int evaluate_videos(const EvaluateOptions& options);

} // namespace deid::cli
