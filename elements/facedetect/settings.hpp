#pragma once
#include <cstdint>

namespace deid::facedetect {

/// What a user may tune. A copyable value: the element snapshots it once a frame.
struct Settings {
  float threshold =
      0.4F; ///< score from which a detection is believed at once [0..1]; weaker ones need a second opinion
  int min_face = 8;      ///< px; smaller detections are ignored [4..]
  int sweep_period = 20; ///< frames between sweeps of the strong detector while something moves [1..]
  int max_faces =
      16; ///< faces followed with the 468-point mesh in a frame; further ones are still covered [1..]
  std::int64_t hold_time = 1'000'000'000; ///< ns that a lost face stays covered, growing [0..]
};

} // namespace deid::facedetect
