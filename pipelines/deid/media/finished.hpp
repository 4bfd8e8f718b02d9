#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace deid::cli {

/// Reads a finished file as a player does. times: when each of its frames has to be shown, in order [ns]; the
/// first one's own time does not count, because some containers let their first frame begin the file.
/// Throws Failure unless it shows just these frames, each within one tick of the container of its time.
void verify_finished(const std::filesystem::path& written, const std::vector<std::int64_t>& times);

} // namespace deid::cli
