#pragma once
#include "pipelines/deid/run/graph.hpp"
#include "pipelines/deid/run/options.hpp"
#include <optional>
#include <vector>

namespace deid::cli {

/// One file of a batch, and the places of its results.
struct BatchItem {
  std::filesystem::path input{}, output{}, audit{}, side_by_side{}, measure{};
  std::optional<RunOptions> own{}; ///< of a manifest's row; nothing: the command line's
};

/// A file that looks like a video or a picture, or may hold one, and is not processed.
struct LeftOut {
  std::filesystem::path file{};
  std::string why{}; ///< half a sentence
};

/// Returns the rows of the manifest, or the videos and pictures among the inputs (directories are searched
/// recursively), sorted by input. Each has an output of the same relative path below o.output. A container
/// that cannot be written gets
/// ".mp4" appended, so that no two inputs share an output. Appends to left_out, sorted, too. Throws Failure
/// when there is no input at all. Requires gst_init.
std::vector<BatchItem> plan_batch(const RunOptions& options, std::vector<LeftOut>& left_out);
/// the same; prints the files left out on stderr
std::vector<BatchItem> plan_batch(const RunOptions& options);

/// Returns the options for a run of this item alone.
RunOptions options_of(const BatchItem& item, const RunOptions& options);

/// Whether the options mean a batch: several inputs, a directory, a manifest, or a
/// part of them.
bool is_batch(const RunOptions& options);

/// Runs the whole command `deid run`. Returns the exit status. Prints the summary or the table on stdout,
/// errors on stderr.
int run_command(const RunOptions& options, const ElementNames& names = {});

} // namespace deid::cli
