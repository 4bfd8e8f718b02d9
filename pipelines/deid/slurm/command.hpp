#pragma once
#include "pipelines/deid/slurm/options.hpp"

namespace deid::cli {

/// Runs `deid slurm`: plans the parts of a batch, writes its records and the plan, and prints the script or
/// submits it. Returns the exit status. Requires gst_init. Throws Failure.
int make_jobs(const SlurmOptions& options);

} // namespace deid::cli
