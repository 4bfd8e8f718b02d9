#include "elements/facedetect/scene_memory.hpp"
#include "elements/meta/scene_cut_detector.hpp"
#include <algorithm>
#include <iterator>

namespace deid::facedetect {

namespace {
constexpr std::size_t scenes_most = 4; // two cameras in turn, with a picture in between
}

void SceneMemory::begin(std::vector<Track> tracks, const Fingerprint& scene, std::int64_t time) {
  if (tracks.empty())
    return;
  if (scenes_.size() == scenes_most)
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

} // namespace deid::facedetect
