#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/head_watch.hpp"
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/track.hpp"
#include <cstdint>
#include <deque>
#include <vector>

namespace deid::facedetect {

/// Returns the settings with Heads::automatic resolved for this frame. picture: the stream is a still.
[[nodiscard]] Settings with_heads(const Moment& moment, bool picture);

/// Decides when bodies are searched, and covers the heads that have no face. Not thread-safe.
class HeadSearch {
public:
  void reset();
  /// Searches the bodies of this frame when that is due. jobs: this frame's sweeps of the whole frame. first:
  /// no frame came before. Requires: all tracks were looked for in this frame. Throws models::ModelError.
  void search(Finder& finder, const Moment& moment, Pace pace, bool first, const std::vector<SweepJob>& jobs,
              const std::vector<Track>& tracks);
  /// Searches a still in all turns, with fine sight, unless heads are off. Throws models::ModelError.
  void search_still(Finder& finder, const Moment& moment);
  /// Whether a head that was found in this frame, not from behind, has no visible face.
  [[nodiscard]] bool faceless(const std::vector<Track>& tracks) const;
  /// Covers the heads, see HeadWatch::step(). picture: the stream is a still.
  void cover(std::deque<PendingFrame>& pending, const Moment& moment, bool picture, std::uint32_t& next_id);

private:
  [[nodiscard]] bool due(const Moment& moment, Pace pace, bool first, const std::vector<Track>& tracks);

  HeadWatch watch_;
  HeadLook look_{};        ///< in this frame
  int sweeps_without_ = 0; ///< frames with a sweep of the whole frame since the last search for bodies
};

} // namespace deid::facedetect
