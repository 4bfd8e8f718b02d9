#pragma once
#include "pipelines/deid/oks/options.hpp"

namespace deid::cli {

/// Prints the comparison on stdout. Returns the exit status. Throws std::runtime_error with one sentence on
/// unusable files. Needs no GStreamer.
int compare_keypoints(const OksOptions& options);

} // namespace deid::cli
