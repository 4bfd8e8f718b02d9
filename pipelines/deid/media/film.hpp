#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// One picture of a film.
struct FilmFrame {
  std::int64_t stream = 0; ///< its time in the stream, before any edit list [ns]
  std::int64_t time = 0;   ///< when a player shows it [ns]; only of a shown one
  bool shown = true;       ///< false: an edit list hides it, and others are decoded from it
};

/// What a file shows, as FFmpeg's libraries read it: the first video track, picture by picture. GStreamer's
/// demuxers do not know every edit list, every missing time and every index; this is the list that the
/// decoded frames are held against.
struct Film {
  std::vector<FilmFrame> frames{}; ///< in the order in which a decoder gives them
  std::int64_t end = 0;            ///< when the last shown picture ends [ns]
  std::int64_t origin = 0;         ///< what was taken off the file's times, so that none is negative [ns]
  std::int64_t tick = 0;           ///< the step in which the file counts time [ns], rounded up
  int audio_tracks = 0;
  std::uint32_t timescale = 0; ///< ticks per second of an MP4 or MOV track, else 0
  std::string direction{};   ///< how the pictures have to be turned: a nick of GstVideoOrientationMethod, as
                             ///< videoflip takes it; empty: the file does not say
  bool oblique = false;      ///< they have to be turned by another angle, which videoflip does not know
  std::string damage{};      ///< a sentence that says what is missing; empty: the file is whole
  std::uint64_t missing = 0; ///< pictures that the file lists and does not hold, as far as it lists them

  std::vector<std::int64_t> shown_times() const; ///< of the shown ones, in order [ns]
};

/// How a film is read.
enum class Look {
  index,  ///< from the packets, which costs little; decoded only where those do not say when pictures are
          ///< shown
  decoded ///< every picture is decoded: exact also where decoders leave pictures out
};

/// Reads the whole file. Throws Failure: cannot be opened, no video track, a still picture in front of
/// another video track, an edit list that shows a picture more than once or turns the order round. Any
/// thread.
Film read_film(const std::filesystem::path& file, Look look = Look::index);

} // namespace deid::cli
