#pragma once
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/run/timetable.hpp"
#include <filesystem>
#include <gst/gst.h>
#include <memory>
#include <string>

namespace deid::cli {

/// For every graph that reads a file. Decoders drop what lies outside of the segment that a demuxer made of
/// an edit list or a wrong duration; which pictures are shown is the film's to say. Puts a segment without
/// ends in the place of the one that passes a probe; other events stay.
void widen_segment(GstPadProbeInfo* info);
/// The same for what a decoder is given; nothing happens to other elements. Requires: not started yet.
void widen_decoder(GstElement* element);
/// Gives the frame that passes a probe the time `begin` + slot.time [ns].
void give_time(GstPadProbeInfo* info, const Timetable::Slot& slot, std::int64_t begin);

/// Reads a file for a graph that writes no video (`deid run` has Watch): the graph gets every picture that
/// the file shows, each at its time, and none that an edit list hides. Probes run in the streaming threads.
class FilmReader {
public:
  /// Decodes the file once, so that its pictures are known. Throws Failure as read_film does.
  explicit FilmReader(const std::filesystem::path& file);
  ~FilmReader();
  FilmReader(const FilmReader&) = delete;
  FilmReader& operator=(const FilmReader&) = delete;

  /// Prepares `filesrc ! decodebin ! queue`, by the names of its ends. Once; requires: not started yet.
  void attach(GstElement* pipeline, const std::string& filesrc, const std::string& queue);
  [[nodiscard]] const Film& film() const;
  /// A sentence when the file is damaged, so that pictures may be missing; else empty.
  [[nodiscard]] std::string note() const;
  /// Throws Failure unless the decoder gave all pictures, or the file is damaged. Requires: at rest.
  void verify() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::cli
