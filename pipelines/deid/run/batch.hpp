#pragma once
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/options.hpp"
#include <vector>

namespace deid::cli {

/// One file of a batch and where its results go.
struct BatchItem {
  std::filesystem::path input{}, output{}, audit{}, side_by_side{}, measure{};
};

/// What looks like a video or a picture, or may hold one, and is not processed.
struct LeftOut {
  std::filesystem::path file{};
  std::string why{}; ///< half a sentence
};

/// The videos and pictures among the inputs (directories are searched to the bottom), each with an output of
/// the same relative path below o.output. A container that cannot be written gets ".mp4" appended, so that no
/// two inputs share an output. Sorted by input. Appends to left_out, sorted as well. Throws Failure when
/// there is none at all. Requires gst_init.
std::vector<BatchItem> plan_batch(const RunOptions& options, std::vector<LeftOut>& left_out);
std::vector<BatchItem> plan_batch(const RunOptions& options); ///< the same; what is left out goes to stderr

/// Whether o means a batch: several inputs, or a directory.
bool is_batch(const RunOptions& options);

/// Everything `deid run` does; returns the exit status. Prints the summary or the table on stdout, errors on
/// stderr.
int run_command(const RunOptions& options, const ElementNames& names = {});

} // namespace deid::cli
