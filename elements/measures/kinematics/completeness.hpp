#pragma once
#include "elements/measures/kinematics/series.hpp"
#include "elements/measures/kinematics/value.hpp"
#include <array>

namespace deid::kinematics {

/// Number of frames that have a point.
struct Presence {
  std::string part{};
  std::size_t original = 0, deidentified = 0, both = 0; ///< frames
  Value missing{};  ///< share of the original's frames with the point in which the other stream has none
  Value invented{}; ///< share of the de-identified stream's frames with the point in which the original has
                    ///< none
  Value longest_gap{}; ///< s without a pair: from the last frame before a missing point to the next pair (or
                       ///< the end)
};

/// Frames in which left and right are exchanged in the de-identified stream. In such a frame, exchanging them
/// back more than halves the mean distance to the original, and that distance is above Settings::swap_floor.
struct Swaps {
  std::string part{};     ///< "body", "arms", "legs"
  std::size_t frames = 0; ///< frames with both points of a pair in both streams
  std::size_t swapped = 0;
};

/// Time shift between the streams, from the correlation of all points' velocities. It is positive when the
/// de-identified stream is late. It should be 0.
struct Lag {
  Value frames{}, milliseconds{}; ///< whole frames; ms by the median interval
  Value correlation{};            ///< at that lag [-1..1]
  Value correlation_at_zero{};
  std::string warning{}; ///< empty, or a sentence
};

struct Completeness {
  std::size_t frames = 0;
  std::size_t nobody_original = 0; ///< frames without any point
  std::size_t nobody_deidentified = 0;
  std::vector<Presence> points{}; ///< of the series' set
  std::array<Swaps, 3> swaps{};
  Lag lag{};
};
Completeness completeness(const CleanSeries& series, const Settings& settings);

} // namespace deid::kinematics
