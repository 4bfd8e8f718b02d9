#pragma once
#include "elements/facedetect/track.hpp"
#include "elements/meta/fingerprint.hpp"
#include <cstdint>
#include <vector>

namespace deid::facedetect {

/// Remembers who was where when the picture became another one, in case it was no cut: a flash, a damaged or
/// a black frame is followed by the same scene again. Not thread-safe.
class Interlude {
public:
  /// A new picture began: these were known, in a picture like `scene`, until `time` (ns).
  void begin(std::vector<Track> tracks, const Fingerprint& scene, std::int64_t time);
  struct Back {
    std::vector<Track> tracks{};
    std::int64_t since = 0; ///< ns: the last frame in which any of them was known
  };
  /// Those of the scene that this picture shows again, as lost ones; forgets them. What began more than
  /// `lasts` ns before `now` is forgotten first.
  Back end(const Fingerprint& picture, std::int64_t now, std::int64_t lasts);
  void reset() { scenes_.clear(); }

private:
  struct Left {
    Back who{};
    Fingerprint scene{};
  };
  std::vector<Left> scenes_; ///< oldest first
};

} // namespace deid::facedetect
