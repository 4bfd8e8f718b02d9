#pragma once
#include "pipelines/deid/media/colour.hpp"
#include "pipelines/deid/media/film.hpp"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace deid::cli {

/// What is known about an input before the graph is built: its first frame was decoded to find out.
struct Source {
  std::filesystem::path file{};
  std::string format{};            ///< GStreamer's name of the decoded pixel format
  int width = 0, height = 0;       ///< [px] as decoded
  bool turned = false;             ///< its orientation swaps width and height
  std::string direction{};         ///< Film::direction; empty: GStreamer's orientation tag says it
  int fps_n = 0, fps_d = 1;        ///< 0/1 when the file names none
  int par_n = 1, par_d = 1;        ///< pixel aspect ratio; 1:1 where the file's is none
  bool par_mended = false;         ///< the decoder's caps have another one, which is none
  std::string par_text{};          ///< then: "100:1"; empty when it is no ratio at all
  Colour colour{};                 ///< as the file says, without any guess
  std::optional<Colour> decoder{}; ///< what the decoder's caps say; nothing: nobody looked
  int matrix = 0;                  ///< PixelFacts::matrix
  std::string chroma_site{};       ///< as caps hold it; may be empty
  bool interlaced = false;
  int video_streams = 0, audio_streams = 0;
  std::int64_t duration = 0;   ///< [ns], 0 when unknown
  std::uint32_t timescale = 0; ///< ticks per second of an MP4/MOV input (Film::timescale), else 0

  /// As videoflip takes it.
  std::string turning() const { return direction.empty() ? "auto" : direction; }
  int shown_width() const { return turned ? height : width; }
  int shown_height() const { return turned ? width : height; }
  bool odd() const { return width % 2 != 0 || height % 2 != 0; }
};

/// Decodes up to the first frame. Throws Failure: cannot be opened, not a video, no decoder (names what is
/// missing). Requires gst_init.
Source inspect(const std::filesystem::path& file);

/// Puts into the source what FFmpeg's libraries know better than its first frame does.
void follow(const Film& film, Source& source);

} // namespace deid::cli
