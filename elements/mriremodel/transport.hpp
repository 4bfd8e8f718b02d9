#pragma once
#include "elements/mriremodel/subject.hpp"
#include <array>
#include <cstdint>

/// Which place of the old head comes to which place of the new one. Plain C++.
namespace deid::mriremodel {

/// Known on cubes of 2 mm, and smooth: tissue is moved, not torn. Threads: any, after construction.
class Transport {
public:
  /// new_skin: on the grid of subject.fields.skin. Both must outlive this object.
  Transport(const Subject& subject, const volume::Field& new_skin, std::uint64_t seed,
            const FillTuning& tuning = {});

  struct Source {
    volume::Point from{}; ///< where the tissue was
    double shift = 0;     ///< [mm] from there to here
    double off = 0;       ///< [mm] by which the wanted depth is missed there
  };
  /// own, wanted: [mm] distances of the place to the old and to the new skin.
  [[nodiscard]] Source source(const volume::Point& at, double own, double wanted) const;
  /// How much of its volume the tissue had here before it was moved [0..1]: less where it is stretched.
  [[nodiscard]] double density(const volume::Point& at) const;
  /// The direction of the old skin, outwards, length 1 (0 where there is none).
  [[nodiscard]] volume::Point outwards(const volume::Point& at) const;

private:
  [[nodiscard]] volume::Point slid(const volume::Point& at, double by) const;
  [[nodiscard]] volume::Point place_of(volume::Point at, double to, int steps) const;
  [[nodiscard]] double depth_wanted(double own, double wanted) const;
  void move_cells();
  void calm_deep_cells();
  void measure_density();

  const Subject& subject_;
  const volume::Field& new_skin_;
  FillTuning tuning_;
  double phase_;                          ///< [rad]
  volume::Field flow_;                    ///< the old skin's distance, smooth
  std::array<volume::Field, 3> shifts_{}; ///< [mm] from a place to where its tissue was
  volume::Field density_{};
};

} // namespace deid::mriremodel
