#pragma once
#include "pipelines/deid/media/colour.hpp"
#include <filesystem>
#include <string>

namespace deid::cli {

/// Facts about the first video track's pixels that FFmpeg knows and GStreamer 1.22 does not.
struct PixelFacts {
  std::string lacking{}; ///< FFmpeg's name of pixels ("gray10le") that GStreamer lacks and on which its libav
                         ///< decoders crash or hang; else empty
  bool known = false;    ///< FFmpeg knows the pixels; `colour` is then what the track states
  Colour colour{}; ///< without any guess. GStreamer loses a range that only the stream states, and assumes
                   ///< one for some codecs
  int matrix = 0;  ///< the matrix's number in ISO/IEC 23091-2, which has two for BT.601; 0: not stated
};

/// Never throws. Threads: any.
PixelFacts pixel_facts(const std::filesystem::path& file);

} // namespace deid::cli
