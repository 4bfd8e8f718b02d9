// The build has no ITK.
#include "elements/volume/registration/aligner.hpp"

namespace deid::volume {

bool can_register() {
  return false;
}

std::unique_ptr<Aligner> new_aligner(const Field&, const Field&) {
  throw RegistrationError(
      "This build cannot register scans, because ITK was missing when it was made. "
      "./meson-free-scripts/setup --scans brings ITK (libinsighttoolkit5-dev); then build again.");
}

} // namespace deid::volume
