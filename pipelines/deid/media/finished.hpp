#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace deid::cli {

/// Reads a finished file as a player does. times: presentation times of its frames, in order [ns]. The first
/// frame's time does not count, because some containers start with their first frame. Throws Failure unless
/// the file shows exactly these frames, each within one tick of the container of its time.
void verify_finished(const std::filesystem::path& written, const std::vector<std::int64_t>& times);

} // namespace deid::cli
