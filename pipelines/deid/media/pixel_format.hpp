#pragma once
#include <filesystem>
#include <string>

namespace deid::cli {

/// FFmpeg's name of the pixels of the first video track ("gray10le"), where GStreamer 1.22 does not have such
/// pixels and its libav decoders crash or hang on them; else empty. Never throws. Any thread.
std::string pixels_without_gstreamer(const std::filesystem::path& file);

} // namespace deid::cli
