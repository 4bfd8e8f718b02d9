#pragma once
#include <filesystem>
#include <string>

namespace deid::cli {

/// What FFmpeg knows of the first video track's pixels and GStreamer 1.22 does not.
struct PixelFacts {
  std::string lacking{}; ///< FFmpeg's name of pixels ("gray10le") that GStreamer does not have and on which
                         ///< its libav decoders crash or hang; else empty
  int range = 0; ///< of the values, as in Colour; 0: the track does not say it. GStreamer loses a full
                 ///< range that the stream says and the container does not
};

/// Never throws. Any thread.
PixelFacts pixel_facts(const std::filesystem::path& file);

} // namespace deid::cli
