#pragma once
#include <cstdint>
#include <filesystem>

namespace deid::cli {

/// Pictures in a GIF file, or 0 when it is not one or is cut short. libav's demuxer in GStreamer 1.22 never
/// signals a GIF's end, so the end has to be known beforehand. Never throws.
std::int64_t gif_frames(const std::filesystem::path& file);

} // namespace deid::cli
