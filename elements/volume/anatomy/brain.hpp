#pragma once
#include "elements/volume/registration/registration.hpp"

/// What of a scan is brain, and so must leave as it came. Plain C++.
namespace deid::volume {

struct Brain {
  Mask mask{};                          ///< cells that are brain, or may be: 1
  Field distance{};                     ///< [mm] to the mask's surface, less than 0 inside
  double template_ml = 0, grown_ml = 0; ///< volume by the template alone, and of what was added
};

/// How far the brain of a person may reach beyond the template's.
struct BrainLimits {
  double reach = 6.0; ///< [mm] that brain is looked for outside the template's brain
  double core = 5.0;  ///< [mm] under the template's surface: surely brain, and the measure of its brightness
  float bright =
      0.55F; ///< share of the core's median value; fluid around the brain is darker on T1-weighted images
  double least_ml = 700, most_ml = 2200; ///< of the template's brain in a grown person
};

/// The template's brain on the person's grid, and what is connected to it and as bright: an affine map misses
/// up to 5 mm of a person's own cortex. Where fluid is bright (T2-weighted images) more is kept than is
/// brain. subject: the scan's values on a grid of about 1 mm. Throws RegistrationError when the brain has no
/// likely volume.
[[nodiscard]] Brain find_brain(const Field& subject, const BrainTemplate& known, const Registration& found,
                               const BrainLimits& limits = {});

} // namespace deid::volume
