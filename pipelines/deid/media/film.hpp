#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// One picture of a film.
struct FilmFrame {
  std::int64_t stream = 0; ///< its time in the stream, before any edit list [ns]
  std::int64_t time = 0;   ///< presentation time [ns]; valid only when shown
  bool shown = true;       ///< false: an edit list hides it, but other pictures are decoded from it
};

/// The first video track of a file, picture by picture, as FFmpeg's libraries read it. GStreamer's demuxers
/// mishandle some edit lists, missing times and indexes. Decoded frames are compared with this list.
struct Film {
  std::vector<FilmFrame> frames{}; ///< in a decoder's output order
  std::int64_t end = 0;            ///< end of the last shown picture [ns]
  std::int64_t origin = 0;         ///< subtracted from the file's times, so that none is negative [ns]
  std::int64_t tick = 0;           ///< unit of the file's times [ns], rounded up
  int audio_tracks = 0;
  std::uint32_t timescale = 0; ///< ticks per second of an MP4 or MOV track, else 0
  std::string direction{};   ///< rotation of the pictures: a nick of GstVideoOrientationMethod for videoflip;
                             ///< empty: the file states none
  bool oblique = false;      ///< the pictures need a rotation that videoflip cannot do
  std::string damage{};      ///< a sentence about missing data; empty: the file is complete
  std::uint64_t missing = 0; ///< pictures in the file's index that the file does not hold

  std::vector<std::int64_t> shown_times() const; ///< Times of the shown pictures, in order [ns].
};

/// How a film is read.
enum class Look {
  index,  ///< from the packets, which is cheap; decodes only when packets lack presentation times
  decoded ///< decodes every picture: exact also where decoders leave pictures out
};

/// Reads the whole file. Throws Failure: it cannot be opened, it has no video track, a still picture comes
/// before another video track, its edit list repeats or reorders pictures. Threads: any.
Film read_film(const std::filesystem::path& file, Look look = Look::index);

} // namespace deid::cli
