#pragma once
#include "elements/facedetect/pending_frame.hpp"
#include "elements/facedetect/track.hpp"
#include "elements/meta/fingerprint.hpp"
#include <cstdint>
#include <deque>
#include <vector>

namespace deid::facedetect {

/// Keeps the tracks of a scene when the picture changes, because the change may be no cut. After a flash, a
/// damaged or a black frame the same scene returns. Not thread-safe.
class SceneMemory {
public:
  /// Stores the tracks of a scene that ended. scene: fingerprint of its last frame; time: of this frame, ns.
  void begin(std::vector<Track> tracks, const Fingerprint& scene, std::int64_t time);
  struct Back {
    std::vector<Track> tracks{};
    std::int64_t since = 0; ///< ns: earliest end among the returned scenes; `now` when none returns
  };
  /// Removes and returns, as lost tracks, the tracks of all scenes that this picture shows again. Scenes that
  /// ended more than `lasts` ns before `now` are dropped first.
  Back end(const Fingerprint& picture, std::int64_t now, std::int64_t lasts);
  void reset() { scenes_.clear(); }

private:
  struct Left {
    Back who{};
    Fingerprint scene{};
  };
  std::vector<Left> scenes_; ///< oldest first
};

/// The previous frame of the stream.
struct LastFrame {
  Fingerprint picture{};
  std::int64_t time = 0; ///< ns
};

/// Moves the tracks into the scene memory when pending.back() is a cut. When it shows an earlier scene again,
/// the tracks of that scene return, also into the few pending frames in between. hold_time: a scene that
/// ended earlier is forgotten, ns.
void change_scene(SceneMemory& memory, std::vector<Track>& tracks, std::deque<PendingFrame>& pending,
                  const LastFrame& last, std::int64_t hold_time);

} // namespace deid::facedetect
