#pragma once
#include "pipelines/deid/media/film.hpp"
#include <cstdint>

namespace deid::cli {

/// Says of each decoded picture which one of the film it is: GStreamer's demuxers lose times that the file
/// holds. One thread at a time.
class Timetable {
public:
  enum class Kind {
    shown,
    hidden, ///< by an edit list
    beyond  ///< more pictures were decoded than the film has
  };
  struct Slot {
    Kind kind = Kind::beyond;
    std::int64_t time = 0, duration = 0; ///< [ns], from the film's first shown picture on
  };
  /// film: borrowed. gaps: pictures may be missing anywhere, so that each one's own time counts as well.
  Timetable(const Film& film, bool gaps);

  /// The place of the next picture. own: the time that the decoder gave it [ns], negative: none.
  Slot next(std::int64_t own);
  std::uint64_t decoded() const { return decoded_; }
  /// When the first picture is shown [ns].
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
