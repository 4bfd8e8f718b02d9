#pragma once
#include <cstdint>

namespace deid::facedetect {

/// Whether frames can wait until more is known.
enum class Pace : std::uint8_t {
  live,  ///< no: periodic sweeps are small, all networks are compiled, glances also find distant faces
  ahead, ///< yes: the lookahead is at least one sweep period, so a late face is back-filled
};

/// Which people's heads are covered when their body is detected and their face is not.
enum class Heads : std::uint8_t {
  automatic, ///< as `facing` in pictures and in frames that are apart (cadence.hpp), as `off` in other frames
  off,       ///< none
  facing,    ///< people not seen from behind: their face, or its profile, may be visible
  all,       ///< also people seen from behind
};

/// Tuning by properties. A copyable value: the element copies it once a frame.
struct Settings {
  float threshold = 0.4F; ///< least score of a CenterFace detection that needs no confirmation [0..1]
  int min_face = 8;       ///< px; smaller detections are ignored [4..]
  int sweep_period = 0;   ///< beats (cadence.hpp) between sweeps while something moves; 0: see below
  int max_faces = 16; ///< faces with landmarks in a frame; further faces are covered without landmarks [1..]
  std::int64_t hold_time = 1'000'000'000; ///< ns that a lost face stays covered; its region grows [0..]
  Heads heads = Heads::automatic;
};

/// Beats between sweeps in automatic mode. `ahead` needs a lookahead of at least this period, because a face
/// that appears between two sweeps is back-filled. `live` sweeps more often.
constexpr int ahead_sweep_period = 20, live_sweep_period = 15;
constexpr int sweep_period(const Settings& settings, Pace pace) {
  if (settings.sweep_period > 0)
    return settings.sweep_period;
  return pace == Pace::ahead ? ahead_sweep_period : live_sweep_period;
}

} // namespace deid::facedetect
