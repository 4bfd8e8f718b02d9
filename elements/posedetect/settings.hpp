#pragma once
#include <cstdint>

namespace deid::posedetect {

/// Settings of the tracker; the element copies them once a frame.
struct Settings {
  int max_people = 4;          ///< most people followed in a frame [1..]
  float threshold = 0.5F;      ///< of the detector, and of the landmark network's presence [0..1]
  float point_threshold = .5F; ///< a point less visible than this is absent [0..1]
  /// frames between searches for new people, while there are fewer than max_people [1..]
  int detector_period = 15;
  bool smooth = false;                  ///< one-euro filter on the points
  bool mask = false;                    ///< keep the person's mask
  std::int64_t absence = 2'000'000'000; ///< ns; a person who comes back within it keeps the id [0..]
};

} // namespace deid::posedetect
