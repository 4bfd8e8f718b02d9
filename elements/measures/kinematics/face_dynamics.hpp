#pragma once
#include "elements/measures/kinematics/agreement.hpp"
#include "elements/measures/kinematics/cycles.hpp"
#include "elements/measures/kinematics/series.hpp"

namespace deid::kinematics {

/// One figure of the face over all frames. Neighbouring frames are not independent, so the agreement's
/// intervals are too narrow.
struct FaceFigure {
  std::string part{};    ///< "left eye opening", "right eye opening", "mouth opening"
  Pair mean{};           ///< ratio: eye aspect ratio, or lips' distance over that of the outer eye corners
  Agreement agreement{}; ///< of the frames
};

/// Movements of the face from 468 landmarks. Eye aspect ratio (|p2 - p6| + |p3 - p5|) / (2 |p1 - p4|)
/// (Soukupova & Cech 2016). An eye is closed below Settings::blink_share of its stream's median; a blink is a
/// closing and opening within Settings::longest_blink.
struct FaceDynamics {
  std::size_t n = 0; ///< frames with the mesh in both streams
  std::string why{}; ///< reason why all other fields are empty; else empty
  std::vector<FaceFigure> figures{};
  Pair blinks{};     ///< number of blinks
  Pair blink_rate{}; ///< blinks a minute
  Matches events{};  ///< blinks within longest_blink of each other
};
FaceDynamics face_dynamics(const CleanSeries& series, const Settings& settings);

} // namespace deid::kinematics
