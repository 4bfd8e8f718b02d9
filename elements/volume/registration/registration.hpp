#pragma once
#include "elements/volume/registration/aligner.hpp"
#include <array>
#include <functional>
#include <memory>
#include <vector>

/// Where a template's brain lies in a person's scan. Plain C++.
namespace deid::volume {

/// A head whose brain is known, on cubes of `registration_spacing`. Its face plays no part.
struct BrainTemplate {
  Field head{};
  Field brain{}; ///< on the grid of `head`: 1 in the brain, 0 outside, shares between
};

constexpr double registration_spacing = 4.0; ///< [mm]

/// Throws RegistrationError when the brain has no voxel, or the two do not have one grid.
[[nodiscard]] BrainTemplate template_of(const Sampler& head, const Sampler& brain);

/// How well a registration must fit. A registration that does not is refused, because the measure of the
/// match (mutual information) does not tell failure: a collapsed map can have a good one.
struct RegistrationLimits {
  double least_stretch = 0.85, most_stretch = 1.25; ///< of the person's head to the template
  double most_ratio = 1.35;                         ///< greatest stretch / least
  double most_disagreement = 3.0;                   ///< [mm] between two starts, anywhere in the brain
  double least_inside = 0.98; ///< share of the template's brain that lies in the person's head
};

struct Registration {
  Affine map{};                      ///< from the template's world to the person's
  double score = 0;                  ///< minus the mutual information
  std::array<double, 3> stretches{}; ///< from the person's world to the template's; the greatest first
  double disagreement = 0;           ///< [mm] the nearest other start, greatest distance in the brain
  double inside = 0;                 ///< share of the template's brain in the person's head [0..1]
};

/// Makes the aligner of a pair of fields: new_aligner, or a test's own.
using MakeAligner = std::function<std::unique_ptr<Aligner>(const Field& fixed, const Field& moving)>;

/// Brings the template onto a person's head: nine starts on cubes of twice the size, turned and shifted. The
/// best three are also stretched, and followed on the fields themselves, longer while they disagree. subject:
/// at registration_spacing. Throws RegistrationError, a sentence, when a limit is not kept.
[[nodiscard]] Registration register_head(const BrainTemplate& known, const Field& subject,
                                         const MakeAligner& make = new_aligner,
                                         const RegistrationLimits& limits = {});

/// For every cell of a grid in the person's world: the share of brain that the template says [0..1]. `grid`
/// gives the place; its values are not read.
[[nodiscard]] Field brain_on(const Field& grid, const BrainTemplate& known, const Registration& found);

} // namespace deid::volume
