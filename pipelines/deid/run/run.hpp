#pragma once
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/hooks.hpp"
#include "pipelines/deid/run/summary.hpp"

namespace deid::cli {

/// Processes one video or picture from file to file. label: text before the progress bar. Throws Failure;
/// then no output has appeared.
Summary run_file(const RunOptions& options, const std::string& label, const ElementNames& names = {},
                 const Hooks& hooks = {});

/// Processes a camera until Ctrl-C or --stop-after. Throws Failure.
Summary run_camera(const RunOptions& options, const ElementNames& names = {});

/// Returns the gst-launch-1.0 line for the same. Runs and writes nothing.
std::string dry_run(const RunOptions& options, const ElementNames& names = {});

/// Throws Failure when an output is the input, or two outputs are one file.
void check_paths(const RunOptions& options);

} // namespace deid::cli
