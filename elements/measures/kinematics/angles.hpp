#pragma once
#include "elements/measures/kinematics/series.hpp"
#include "elements/measures/kinematics/value.hpp"

namespace deid::kinematics {

/// An angle of the picture plane over time [degrees, in (-180, 180]]. name: "left elbow" … "neck flexion".
/// Joints: angle at b from the way a-b to the way b-c, atan2(cross, dot) of (a - b) and (c - b), so a
/// stretched arm has 180 degrees. Trunk lean: hips to neck against the vertical. Head tilt: line of the eyes,
/// or of the ears, against the horizontal. Neck flexion: neck to middle of the ears against the trunk. Arm
/// swing: shoulder to wrist against neck to hips. All as seen by the camera, not in space. Throws
/// std::invalid_argument on another name.
Readings angle(const CleanSeries& series, std::string_view name);

/// Range of motion of both streams: max - min [degrees]. It handles the step from 180 to -180. Requires:
/// angles is not empty.
Pair range_of_motion(const Readings& angles);

/// One angle compared between the streams. Differences are taken along the shorter way round.
struct AngleError {
  std::string part{};
  std::size_t n = 0;   ///< frames
  Value mae{}, rmse{}; ///< degrees
  Pair range{};        ///< range of motion, max - min [degrees]
  std::size_t velocities = 0;
  Value velocity_rmse{};  ///< degrees/s, central differences that cross no gap
  Pair peak_velocity{};   ///< largest absolute velocity [degrees/s]
  Value velocity_ratio{}; ///< ratio of the peaks, de-identified over original
};
std::vector<AngleError> angle_errors(const CleanSeries& series, const Settings& settings);

} // namespace deid::kinematics
