#pragma once
#include "pipelines/deid/review/options.hpp"

namespace deid::cli {

/// Runs `deid review`. Returns the exit status: 1, too, when a record is not true. Throws Failure.
int review_command(const ReviewOptions& options);

} // namespace deid::cli
