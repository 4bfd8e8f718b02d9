#pragma once
#include "elements/mriremodel/subject.hpp"
#include "elements/mriremodel/tissue.hpp"
#include <cstdint>

/// Moves the person's own tissue to a new skin. Plain C++.
namespace deid::mriremodel {

/// The new head's distance on the grid of `fields`: the own one where nothing changes, `target` where all
/// does, and never nearer to the brain than a skull and a skin need.
[[nodiscard]] volume::Field blended(const HeadFields& fields, const volume::Brain& brain,
                                    const volume::Field& target);

/// Moves a new skin away from the old one where they lie near each other: without this, they cross along
/// lines, and beside these the old skin stays. own: the old skin's distance. The new one's grows by up to
/// PushTuning::most there; what is far away keeps its place but for that.
[[nodiscard]] volume::Field pushed(volume::Field target, const volume::Field& own);

/// How the voxels were changed.
struct Filled {
  std::size_t moved = 0; ///< voxels that got another place's value
  std::size_t skin = 0;  ///< voxels that got skin, in whole or in part, where a hole would be
  std::size_t air = 0;   ///< voxels that got air
};

/// Writes the new head into the voxels. new_skin: on the grid of subject.fields.skin. kept: voxels that are
/// not written. Two threads work; the same seed gives the same voxels.
Filled fill(std::span<std::byte> voxels, const Subject& subject, const volume::Field& new_skin,
            const volume::Mask& kept, const Tissue& tissue, std::uint64_t seed);

} // namespace deid::mriremodel
