#pragma once
#include "pipelines/deid/oks/options.hpp"

namespace deid::cli {

/// Prints the comparison on stdout; returns the exit status. Throws std::runtime_error with one sentence on
/// files that cannot be used. Needs no GStreamer.
int compare_keypoints(const OksOptions& options);

} // namespace deid::cli
