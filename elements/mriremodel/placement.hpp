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
  double ears_near = 0; ///< share of the old ears' skin that is nearer than 1 mm to the new one
};
/// outside: vertices that count, see outside_of().
[[nodiscard]] Comparison compare(const Mesh& placed, const std::vector<bool>& outside,
                                 const Subject& subject);

/// Moves both ears along the sides of the head, by chance and by up to 8 mm. A head whose ears are where the
/// own ones were keeps much of their skin in its place.
void move_ears(Mesh& placed, const Subject& subject, std::uint64_t seed);

/// Places of the old skin of face and ears, and how far a new skin is from them.
class OldSkin {
public:
  explicit OldSkin(const Subject& subject);
  /// Fills apart, far, near, ears and ears_near of `found` from a new head's distance; the rest stays.
  void compare(const volume::Field& new_skin, Comparison& found) const;

private:
  std::vector<volume::Point> face_{}, ears_{};
};

} // namespace deid::mriremodel
