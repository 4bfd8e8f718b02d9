#include "elements/volume/dicom/packed.hpp"

namespace deid::dicom {

bool can_unpack() {
  return false;
}

std::string unpack(const std::filesystem::path&, int, int, std::span<std::byte>) {
  return "its picture is packed, and this build cannot unpack it, because libgdcm-dev was missing when it "
         "was "
         "made. ./meson-free-scripts/setup --scans brings it; then build again";
}

} // namespace deid::dicom
