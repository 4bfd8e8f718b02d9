#include "elements/facedetect/scene_memory.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/region.hpp"
#include "elements/facedetect/tuning.hpp"
#include "elements/meta/scene_cut_detector.hpp"
#include <algorithm>
#include <iterator>
#include <utility>

namespace deid::facedetect {

void SceneMemory::begin(std::vector<Track> tracks, const Fingerprint& scene, std::int64_t time) {
  if (tracks.empty())
    return;
  if (scenes_.size() == tuning::scenes_most)
    scenes_.erase(scenes_.begin());
  scenes_.push_back({{std::move(tracks), time}, scene});
}

SceneMemory::Back SceneMemory::end(const Fingerprint& picture, std::int64_t now, std::int64_t lasts) {
  std::erase_if(scenes_, [&](const Left& left) { return now - left.who.since > lasts; });
  Back back{.since = now};
  std::erase_if(scenes_, [&](Left& left) {
    if (is_cut(left.scene, picture))
      return false;
    std::ranges::move(left.who.tracks, std::back_inserter(back.tracks));
    back.since = std::min(back.since, left.who.since);
    return true;
  });
  for (Track& track : back.tracks) {
    lose(track);
    track.velocity = {}; // motion during the interruption is unknown
  }
  return back;
}

void change_scene(SceneMemory& memory, std::vector<Track>& tracks, std::deque<PendingFrame>& pending,
                  const LastFrame& last, std::int64_t hold_time) {
  const PendingFrame& frame = pending.back();
  SceneMemory::Back back = memory.end(frame.fingerprint, frame.time, hold_time);
  if (frame.cut) // known places are void; the new scene's sweep finds its faces
    memory.begin(std::exchange(tracks, {}), last.picture, last.time);
  // When a scene fades in again, new tracks may already have some of its faces.
  std::erase_if(back.tracks, [&](const Track& track) {
    return std::ranges::any_of(tracks,
                               [&](const Track& t) { return !t.lost() && same_face(t.box, track.box); });
  });
  // Half of a damaged frame may show the same as the frames beside it, so the returned tracks also cover the
  // frames of a short interruption.
  std::size_t first = pending.size() - 1;
  while (first > 0 && pending[first - 1].time > back.since)
    --first;
  if (pending.size() - 1 - first <= tuning::flash_lasts)
    for (std::size_t i = first; i + 1 < pending.size(); ++i)
      std::ranges::transform(back.tracks, std::back_inserter(pending[i].faces), region_of);
  std::ranges::move(back.tracks, std::back_inserter(tracks));
}

} // namespace deid::facedetect
