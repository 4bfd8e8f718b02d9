#pragma once
#include "pipelines/deid/target/options.hpp"
#include <string>

namespace deid::cli {

/// Makes the target file and says how far it is from every sitter; returns the exit status. Throws Failure
/// with one sentence: nothing is written then. Needs gst_init().
int make_target(const TargetOptions& options);

/// "FILE=WEIGHT" -> both. Throws Failure(exit_usage) on anything else.
std::pair<std::string, double> parse_weight(const std::string& text);

} // namespace deid::cli
