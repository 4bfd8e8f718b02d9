#pragma once
#include "elements/mriremodel/people.hpp"
#include "elements/mriremodel/subject.hpp"

/// Puts a head of the population where the person's head is. Plain C++.
namespace deid::mriremodel {

struct Placed {
  Mesh mesh{}; ///< in the person's world
  std::array<double, 3> scales{1, 1, 1};
  double misfit = 0; ///< [mm] mean distance of forehead, temples and top to the own skin
};

/// Takes size and place from the own head where the new one must join it: forehead, temples and the front of
/// the top. The face plays no part: it would pull the new face to the old one.
[[nodiscard]] Placed place(const Mesh& mesh, const Subject& subject);

/// How a placed head lies to the person's.
struct Comparison {
  double apart = 0;     ///< [mm] mean distance of the face's skin to the own skin
  double far = 0;       ///< [mm] of the farthest twentieth
  double near = 0;      ///< share of it that is nearer than 1 mm
  double ears = 0;      ///< [mm] the same of the ears
  double in_volume = 0; ///< share of the face's skin that lies in the volume
  double missing = 0;   ///< share of that which lies deep outside of the own head
  double cut = 0;       ///< share of it that leaves the volume to the front or to the side
  double ears_cut = 0;  ///< the same of the ears
};
/// outside: vertices that count, see outside_of().
[[nodiscard]] Comparison compare(const Mesh& placed, const std::vector<bool>& outside,
                                 const Subject& subject);

} // namespace deid::mriremodel
