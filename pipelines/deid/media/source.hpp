#pragma once
#include "pipelines/deid/media/colour.hpp"
#include "pipelines/deid/media/film.hpp"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace deid::cli {

/// Facts about an input before the graph is built. They come from decoding its first frame.
struct Source {
  std::filesystem::path file{};
  std::string format{};            ///< GStreamer's name of the decoded pixel format
  int width = 0, height = 0;       ///< [px] of the decoded frame
  bool turned = false;             ///< its orientation swaps width and height
  std::string direction{};         ///< Film::direction; empty: GStreamer's orientation tag holds
  int fps_n = 0, fps_d = 1;        ///< 0/1 when the file states none
  int par_n = 1, par_d = 1;        ///< pixel aspect ratio; 1:1 when the file's is unusable
  bool par_mended = false;         ///< the decoder's caps have an unusable one
  std::string par_text{};          ///< the unusable one: "100:1"; empty when it is no ratio at all
  Colour colour{};                 ///< as the file states, without any guess
  std::optional<Colour> decoder{}; ///< the colours in the decoder's caps; empty: not known
  int matrix = 0;                  ///< PixelFacts::matrix
  std::string chroma_site{};       ///< as in caps; may be empty
  bool interlaced = false;
  int video_streams = 0, audio_streams = 0;
  std::int64_t duration = 0;   ///< [ns], 0 when unknown
  std::uint32_t timescale = 0; ///< ticks per second of an MP4/MOV input (Film::timescale), else 0

  /// The value for videoflip.
  std::string turning() const { return direction.empty() ? "auto" : direction; }
  int shown_width() const { return turned ? height : width; }
  int shown_height() const { return turned ? width : height; }
  bool odd() const { return width % 2 != 0 || height % 2 != 0; }
};

/// Decodes up to the first frame. Throws Failure: cannot be opened, not a video, no decoder (names the
/// missing one). Requires gst_init.
Source inspect(const std::filesystem::path& file);

/// Updates the source with what FFmpeg's libraries know better than the first frame.
void follow(const Film& film, Source& source);

} // namespace deid::cli
