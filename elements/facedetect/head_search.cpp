#include "elements/facedetect/head_search.hpp"
#include "elements/facedetect/thorough.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <iterator>
#include <utility>

namespace deid::facedetect {

// Measured at 25 to 30 frames per second: heads of bodies increase the covers without a face by nine tenths,
// because the cover of a head that moves between two searches stays behind. In pictures they add none.
Settings with_heads(const Moment& moment, bool picture) {
  Settings now = moment.settings;
  if (now.heads == Heads::automatic)
    now.heads = picture || moment.step.apart ? Heads::facing : Heads::off;
  return now;
}

void HeadSearch::reset() {
  watch_.reset();
  look_ = {};
  sweeps_without_ = 0;
}

bool HeadSearch::due(const Moment& moment, Pace pace, bool first, const std::vector<Track>& tracks) {
  ++sweeps_without_;
  const bool all_known = !tracks.empty() && !watch_.needed() && std::ranges::all_of(tracks, &Track::seen);
  const int period = (all_known ? tuning::known_share : 1) * (pace == Pace::live ? tuning::live_share : 1);
  if (!moment.frame.cut && !moment.step.apart && !first && sweeps_without_ < period)
    return false;
  sweeps_without_ = 0;
  return true;
}

void HeadSearch::search(Finder& finder, const Moment& moment, Pace pace, bool first,
                        const std::vector<SweepJob>& jobs, const std::vector<Track>& tracks) {
  if (with_heads(moment, false).heads == Heads::off || jobs.empty() || !due(moment, pace, first, tracks))
    return;
  for (const SweepJob& job : jobs) {
    if (!job.brightened) {
      look_.upright = look_.upright || job.turn == Turn::none;
      std::ranges::move(finder.heads(moment.frame.view, job.turn, Sight::quick),
                        std::back_inserter(look_.heads));
    }
    if (pace == Pace::live) // a live frame has time for one search
      break;
  }
}

void HeadSearch::search_still(Finder& finder, const Moment& moment) {
  if (with_heads(moment, true).heads == Heads::off)
    return;
  for (const Turn turn : all_turns)
    std::ranges::move(finder.heads(moment.frame.view, turn, Sight::fine), std::back_inserter(look_.heads));
}

bool HeadSearch::faceless(const std::vector<Track>& tracks) const {
  const auto has_face = [&](const Head& head) {
    return std::ranges::any_of(
        tracks, [&](const Track& track) { return track.seen() && is_own_face(track.box, head.box); });
  };
  return std::ranges::any_of(look_.heads, [&](const Head& head) { return !head.away && !has_face(head); });
}

void HeadSearch::cover(std::deque<PendingFrame>& pending, const Moment& moment, bool picture,
                       std::uint32_t& next_id) {
  watch_.step(pending, std::exchange(look_, {}), with_heads(moment, picture), next_id);
}

} // namespace deid::facedetect
