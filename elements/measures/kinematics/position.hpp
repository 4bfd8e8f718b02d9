#pragma once
#include "elements/measures/kinematics/series.hpp"
#include "elements/measures/kinematics/value.hpp"
#include <array>

namespace deid::kinematics {

/// Distances within which a point counts as correct, in torso lengths.
constexpr std::array<double, 3> pck_limits{.05, .1, .2};

/// Distance of a point in the de-identified stream from its place in the original.
struct Displacement {
  std::string part{};                                           ///< "left wrist", or "all points"
  std::size_t n = 0;                                            ///< pairs
  Value median{}, p95{}, max{}, rmse{};                         ///< px
  Value median_torso{}, p95_torso{}, max_torso{}, rmse_torso{}; ///< median torso lengths of the original
  std::array<Value, 3> pck{};                                   ///< share [0..1] of pairs within pck_limits
  Value bias_x{},
      bias_y{};   ///< px, mean of de-identified - original; a constant bias does not change dynamics
  Value jitter{}; ///< px, root of the variances (n - 1) of both coordinates of that difference
  /// RMS of the second derivative, de-identified over original, while the original stands still (Settings). A
  /// value above 1 means added flicker.
  Value added_jitter{};
  std::size_t still = 0; ///< triples of frames in added_jitter
};

/// Returns one entry for each point of the series' set, then one for all points together.
std::vector<Displacement> displacements(const CleanSeries& series, const Settings& settings);

} // namespace deid::kinematics
