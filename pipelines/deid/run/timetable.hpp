#pragma once
#include "pipelines/deid/media/film.hpp"
#include <cstdint>

namespace deid::cli {

/// Finds for each decoded picture its place in the film: GStreamer's demuxers lose times that the file holds.
/// Threads: one at a time.
class Timetable {
public:
  enum class Kind {
    shown,
    hidden, ///< hidden by an edit list
    beyond  ///< the decoder output more pictures than the film has
  };
  struct Slot {
    Kind kind = Kind::beyond;
    std::int64_t time = 0, duration = 0; ///< [ns], from the film's first shown picture on
  };
  /// film: not owned. gaps: pictures may be missing anywhere, so each picture's own time counts, too.
  Timetable(const Film& film, bool gaps);

  /// Returns the place of the next picture. own: its time from the decoder [ns]; negative: none.
  Slot next(std::int64_t own);
  std::uint64_t decoded() const { return decoded_; }
  /// Returns the time of the first shown picture [ns].
  std::int64_t begin() const { return begin_; }

private:
  void skip_missing(std::int64_t own);
  Slot slot(std::size_t i) const;
  const Film& film_;
  bool gaps_;
  std::int64_t begin_ = 0;
  std::int64_t first_own_ = 0; ///< the decoder's time of the first picture [ns]
  std::size_t next_ = 0;
  std::uint64_t decoded_ = 0;
};

} // namespace deid::cli
