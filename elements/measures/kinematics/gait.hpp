#pragma once
#include "elements/measures/kinematics/cycles.hpp"
#include <array>

namespace deid::kinematics {

/// Walking across the picture. A heel strikes about when the ankle is farthest in front of the hips (Zeni et
/// al. 2008).
struct Gait {
  std::string why{};                ///< reason why all other fields but arm_swing are empty; else empty
  std::size_t n = 0;                ///< frames with both ankles and hips in both streams
  std::string direction{};          ///< "right" or "left", on the screen
  std::string direction_by{};       ///< "path", "feet" or "face": how the direction was found in the original
  Pair steps{};                     ///< heel strikes
  Pair cadence{};                   ///< steps a minute
  Pair step_time{}, step_cv{};      ///< s, strike to strike of the other side; SD / mean
  Pair stride_time{}, stride_cv{};  ///< s, strike to strike of the same side
  Pair asymmetry{};                 ///< 2 |L - R| / (L + R) of the mean step times
  Pair step_length{};               ///< leg lengths, between the ankles at the strike, as the camera sees it
  std::array<Matches, 2> strikes{}; ///< left, right; within a third of the original's mean stride
  std::array<Pair, 2> arm_swing{};  ///< left, right: range of the arm's angle to the trunk [degrees]
};
Gait gait(const CleanSeries& series, const Settings& settings);

} // namespace deid::kinematics
