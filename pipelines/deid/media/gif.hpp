#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace deid::cli {

/// Whether the file has a GIF's signature. Never throws.
bool is_gif(const std::filesystem::path& file);

/// Returns each picture's presentation time in a GIF file, then the end of the last picture [ns]. Empty when
/// the file is no GIF or is cut short. GStreamer 1.22 (libav) neither reports a GIF's end nor keeps its
/// times. Never throws.
std::vector<std::int64_t> gif_times(const std::filesystem::path& file);

} // namespace deid::cli
