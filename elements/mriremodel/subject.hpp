#pragma once
#include "elements/mriremodel/tuning.hpp"
#include "elements/volume/anatomy/brain.hpp"
#include <cstddef>
#include <span>
#include <stdexcept>

/// What is known about a scan before it is changed. Plain C++.
namespace deid::mriremodel {

/// The scan is not changed, because something about it is in doubt. what() is a sentence that says what.
class RemodelError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

enum class Modality : std::uint8_t {
  guessed, ///< ct when the values reach from below -500 to above 800
  mr,      ///< air is dark, skin is bright
  ct       ///< Hounsfield units
};

/// Two fields of one grid, which holds the changeable part of a head and what is near it.
struct HeadFields {
  volume::Field skin{};   ///< [mm] distance to the skin, less than 0 inside the head
  volume::Field weight{}; ///< [0..1] how much of the new head a place gets
};

/// The same on cubes of another size.
[[nodiscard]] HeadFields resized(const HeadFields& fields, double spacing);

/// A scan with its head, its brain, and the part that may be changed.
struct Subject {
  volume::Sampler scan;
  float limit = 0; ///< value at the skin
  bool ct = false;
  volume::Registration found{};
  volume::Brain brain{}; ///< on 2 mm cubes
  HeadFields fields{};   ///< of the own head, on 1 mm cubes

  /// From the person's world to the template's.
  [[nodiscard]] volume::Point to_template(const volume::Point& world) const {
    return volume::moved(back, world);
  }
  volume::Affine back{};
};

/// Throws RemodelError: a scan that cannot be judged (voxels too large, a head that is not there, values of
/// an unknown kind), and volume::RegistrationError.
[[nodiscard]] Subject study(const volume::Description& about, std::span<const std::byte> voxels,
                            const volume::BrainTemplate& known, Modality modality = Modality::guessed);

/// The skin of the changed scan, on the grid of subject.fields.skin and found in the same way. Throws
/// RemodelError when there is no head any more.
[[nodiscard]] volume::Field skin_after(const Subject& subject, const volume::Sampler& changed);

/// The weight at a place of the template's world, without the brain's share.
[[nodiscard]] double region_weight(const volume::Point& in_template, const RegionTuning& tuning = {});

/// A field's value at a place inside it; outside, that of the nearest cell.
[[nodiscard]] float held(const volume::Field& field, const volume::Point& world);

} // namespace deid::mriremodel
