#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace deid::cli {

/// Whether the file begins as a GIF does. Never throws.
bool is_gif(const std::filesystem::path& file);

/// When each picture of a GIF file is shown, and last when the last one ends [ns]; empty when the file is no
/// GIF or is cut short. Needed because GStreamer 1.22 (libav) neither says when a GIF is at its end nor keeps
/// its times. Never throws.
std::vector<std::int64_t> gif_times(const std::filesystem::path& file);

} // namespace deid::cli
