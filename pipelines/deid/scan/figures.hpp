#pragma once
#include "elements/mriremodel/remodel.hpp"
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What changed between two scans of one head. Plain C++.
namespace deid::cli {

/// Figures of the skin in the part of the head that a remodel changes.
struct SkinFigures {
  double mean = 0, p95 = 0; ///< [mm] from the old face's skin to the new one
  double near = 1;          ///< share of it under 1 mm
  double ears = 0;          ///< [mm] mean, of the ears
  double ears_near = 1;     ///< share under 1 mm
  double kept = 1;          ///< share of the old face's outer 10 mm that is as before
};

/// Each is after / before, so 1 is best.
struct NaturalFigures {
  double sharpness = 1; ///< differences of neighbouring voxels, 1 to 15 mm under the skin
  double rim = 1;       ///< brightness .3 to .9 mm under the skin
  double air = 1;       ///< spread of the air that is new, to that 10 to 16 mm from the old head
  double edge =
      1; ///< differences of neighbours where the old skin was, to those 2 to 6 mm beside it; air now
};

struct LikenessFigures {
  std::optional<double> to_own{};           ///< distance of descriptors
  std::optional<double> own_to_strangers{}; ///< mean distance of the own head to strangers
  int strangers = 0;
  int rank = 0; ///< of the own head when the result is searched for; 1: first, 0: no face was found
};

struct ScanFigures {
  bool same_geometry = false, same_type = false;
  std::size_t voxels = 0, changed = 0;
  std::size_t brain_voxels = 0, brain_changed = 0; ///< of the brain and 4 mm around it
  std::size_t behind_changed = 0;                  ///< over 1.5 mm outside of the part that a remodel changes
  std::string brain_hash_before{}, brain_hash_after{};
  SkinFigures skin{};
  NaturalFigures natural{};
  LikenessFigures likeness{};
  double seconds = 0;
};

/// A scan in memory.
struct ScanPair {
  const volume::Volume& before;
  const volume::Volume& after;
};

/// Compares two scans of one grid. strangers: how many heads of the population the own one is hidden among.
/// Throws RemodelError and RegistrationError when the original cannot be judged.
[[nodiscard]] ScanFigures figures_of(const ScanPair& pair, const mriremodel::Subject& subject,
                                     mriremodel::Resources& resources, int strangers);

} // namespace deid::cli
