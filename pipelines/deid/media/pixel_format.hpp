#pragma once
#include "pipelines/deid/media/colour.hpp"
#include <filesystem>
#include <string>

namespace deid::cli {

/// What FFmpeg knows of the first video track's pixels and GStreamer 1.22 does not.
struct PixelFacts {
  std::string lacking{}; ///< FFmpeg's name of pixels ("gray10le") that GStreamer does not have and on which
                         ///< its libav decoders crash or hang; else empty
  bool known = false;    ///< FFmpeg knows the pixels, so that `colour` is what the track says
  Colour colour{};       ///< without any guess. GStreamer loses a range that only the stream says, and has
                         ///< one of its own for some codecs
  int matrix = 0;        ///< the matrix as ISO/IEC 23091-2 numbers it, which has two for BT.601; 0: not said
};

/// Never throws. Any thread.
PixelFacts pixel_facts(const std::filesystem::path& file);

} // namespace deid::cli
