#pragma once
#include "pipelines/deid/status/options.hpp"

namespace deid::cli {

/// Runs `deid status`. Returns the exit status: exit_ok when all is done, exit_failed when something failed
/// or a result is not as it was made, otherwise exit_unfinished. Throws Failure when there are no records.
int tell_status(const StatusOptions& options);

} // namespace deid::cli
