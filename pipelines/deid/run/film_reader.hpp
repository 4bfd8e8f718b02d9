#pragma once
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/film.hpp"
#include "pipelines/deid/run/timetable.hpp"
#include <filesystem>
#include <gst/gst.h>
#include <memory>
#include <string>

namespace deid::cli {

/// For every graph that reads a file. A demuxer makes a segment from an edit list or a wrong duration, and
/// decoders drop pictures outside it. But the film decides which pictures are shown. So this replaces the
/// segment event that passes a probe by one without ends; other events stay.
void widen_segment(GstPadProbeInfo* info);
/// The same for a decoder's input; other elements stay as they are. Requires: not started yet.
void widen_decoder(GstElement* element);
/// Sets the time of the frame that passes a probe to `begin` + slot.time [ns].
void give_time(GstPadProbeInfo* info, const Timetable::Slot& slot, std::int64_t begin);

/// Reads a file for a graph that writes no video (`deid run` has Watch). The graph gets every shown picture
/// of the file at its time, and none that an edit list hides. Probes run in the streaming threads.
class FilmReader {
public:
  /// Decodes the file once to list its pictures. Throws Failure as read_film does.
  explicit FilmReader(const std::filesystem::path& file);
  ~FilmReader();
  FilmReader(const FilmReader&) = delete;
  FilmReader& operator=(const FilmReader&) = delete;

  /// Prepares `filesrc ! decodebin ! queue`; the arguments name its ends. Call it once, before the pipeline
  /// starts.
  void attach(GstElement* pipeline, const std::string& filesrc, const std::string& queue);
  [[nodiscard]] const Film& film() const;
  /// Returns a sentence when the file is damaged, so that pictures may be missing; else an empty text.
  [[nodiscard]] std::string note() const;
  /// Throws Failure unless the decoder output all pictures, or the file is damaged. Requires: the pipeline
  /// has stopped.
  void verify() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::cli
