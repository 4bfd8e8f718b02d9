#pragma once
#include "elements/volume/grid/affine.hpp"

/// The numbers by which a head is remodelled. Places are those of the template (Colin27: MNI space) [mm]: x
/// to the right, y to the front, z up, zero at the anterior commissure. "Set by reasoning": no measurement.
namespace deid::mriremodel {

/// A number that rises smoothly from 0 to 1 between two places.
struct Ramp {
  double from = 0, to = 1;
  [[nodiscard]] constexpr double at(double x) const {
    const double share = (x - from) / (to - from);
    const double held = share < 0 ? 0 : share > 1 ? 1 : share;
    return held * held * (3 - 2 * held);
  }
};

/// Which part of the head is changed. Ears reach from y = -50 to -5 in MNI space.
struct RegionTuning {
  Ramp front{-66, -46};  ///< nothing changes behind the ears
  Ramp forehead{58, 14}; ///< fades over 44 mm: a step on the forehead shows in pictures
  Ramp neck{-180, -145}; ///< fades below the chin, which is at z = -125 or so
  Ramp brain{6, 14};     ///< [mm] from the brain
  double margin = 6.0;   ///< [mm] around the brain in which every voxel is proven to be as before
  double skull = 10.0;   ///< [mm] at least between the brain and a new skin: bone and skin have room
};

/// How a new skin is moved away from the old one where both are near each other. It follows the hyperbolic
/// tangent of their distance, so a new skin has no step where it crosses the old one. Set on ds000031.
struct PushTuning {
  double most = 1.5;  ///< [mm]
  double reach = 3.0; ///< [mm] smaller: less old skin stays, but cheeks get visible furrows (.8 was tried)
};

/// How the scan's values are moved to the new skin.
struct FillTuning {
  double shallow = 4, deep = 22; ///< [mm] under the new skin: all moves with the skin; nothing moves
  double rim = 1.5;              ///< [mm] outside the skin that a voxel still mixes with it
  double clean = 9.0;            ///< [mm] outside the old skin that is filled with air: its blurred edge
  double skin = 4.5;             ///< [mm] under the new skin that must look like skin, not like a hole
  double judged = 1.5;           ///< [mm] under the new skin, where a hole is told from skin
  Ramp hole{1.25, 0.85};         ///< brightness, 1 at the limit of the head: darker than this is a hole
  Ramp lost{0.8, 1.8};           ///< [mm] by which a depth is missed: the old head has no such place
  Ramp smooth_skin{0.6, 1.6};    ///< [mm] under the new skin: outside of it nothing is read voxel by voxel
  double slide = 3.0;            ///< [mm] that tissue moves along the skin
  double slide_turn = 18.0;      ///< [mm] in which the direction of that turns by a radian
  double normal_smoothing = 2.5; ///< [mm] of the own surface's direction
};

struct GateTuning {
  double most_voxel = 2.5;      ///< [mm]
  double most_anisotropy = 3.0; ///< longest side of a voxel / shortest
  double least_face = 0.25;     ///< share of a face's skin that lies in the volume
  double most_missing = 0.30;   ///< share of it that is deep outside of the own head: removed before
  double missing_depth = 12.0;  ///< [mm] that count as deep
  double most_kept = 0.10;      ///< share of the old face's outer 10 mm that is as before
  double least_apart = 3.0;     ///< [mm] mean distance of new and old skin of the face
};

/// From the population's frame to the template's. Fitted once by least squares, without stretching one axis
/// more than another: the mean head's skin to the skins of an average head (pydeface's) and of ds000031, both
/// registered with the template. What remains, some millimetres, is taken from each scan's own forehead.
constexpr volume::Affine population_to_template{
    {{1.1580, 0.0000, 0.0000, 0.3000}, {0.0000, 1.1417, 0.1936, 0.3993}, {0.0000, -0.1936, 1.1417, 95.6866}}};

} // namespace deid::mriremodel
