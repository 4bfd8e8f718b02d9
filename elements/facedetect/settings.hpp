#pragma once
#include <cstdint>

namespace deid::facedetect {

/// Whether frames can wait until more is known.
enum class Pace : std::uint8_t {
  live,  ///< no: looks on a period are small, all networks are at hand, glances reach far faces
  ahead, ///< by a lookahead of a sweep period or more: what is found late is filled in backwards
};

/// Whose heads are covered where no detector knows a face.
enum class Heads : std::uint8_t {
  automatic, ///< as `facing` in pictures and in frames that are apart (cadence.hpp), as `off` in other frames
  off,       ///< nobody's
  facing,    ///< of people who are not seen from behind: their face, or its profile, may be in view
  all,       ///< from behind as well
};

/// What a user may tune. A copyable value: the element snapshots it once a frame.
struct Settings {
  float threshold =
      0.4F; ///< score from which a detection is believed at once [0..1]; weaker ones need a second opinion
  int min_face = 8; ///< px; smaller detections are ignored [4..]
  int sweep_period =
      0; ///< beats (cadence.hpp) between sweeps of the strong detector while something moves; 0: see below
  int max_faces =
      16; ///< faces followed with the 468-point mesh in a frame; further ones are still covered [1..]
  std::int64_t hold_time = 1'000'000'000; ///< ns that a lost face stays covered, growing [0..]
  Heads heads = Heads::automatic;
};

/// Beats between sweeps. Automatic: with a lookahead somewhat shorter than that, since who comes in between
/// is filled in; live more often.
constexpr int ahead_sweep_period = 20, live_sweep_period = 15;
constexpr int sweep_period(const Settings& settings, Pace pace) {
  if (settings.sweep_period > 0)
    return settings.sweep_period;
  return pace == Pace::ahead ? ahead_sweep_period : live_sweep_period;
}

} // namespace deid::facedetect
