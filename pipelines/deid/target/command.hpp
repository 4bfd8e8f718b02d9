#pragma once
#include "pipelines/deid/target/options.hpp"
#include <string>

namespace deid::cli {

/// Makes the target file and prints its distance to every sitter. Returns the exit status. Throws Failure
/// with one sentence; nothing is written then. Requires gst_init.
int make_target(const TargetOptions& options);

/// Splits "FILE=WEIGHT". Throws Failure(exit_usage) on anything else.
std::pair<std::string, double> parse_weight(const std::string& text);

} // namespace deid::cli
