#pragma once
#include "elements/audit/line.hpp"
#include "pipelines/deid/run/options.hpp"
#include <filesystem>

namespace deid::cli {

/// SHA-256 and size of a file. Throws Failure when it cannot be read.
audit::FileFacts facts_of(const std::filesystem::path& file);

/// The options that decide on the pixels, the sound and the container of a result, as the audit keeps them.
audit::Json deciding_options(const RunOptions& options);

/// Returns options with these values; all others are the defaults. Throws Failure, with a sentence, on a
/// value that is unknown, missing or of another kind.
RunOptions options_with(const audit::Json& deciding);

} // namespace deid::cli
