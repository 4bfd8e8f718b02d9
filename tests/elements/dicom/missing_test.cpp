// A build without gdcm says so.
#include "elements/volume/dicom/packed.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::dicom {
namespace {

TEST(WithoutGdcm, UnpackingSaysWhatIsMissing) {
  EXPECT_FALSE(can_unpack());
  EXPECT_THAT(unpack("slice.dcm", 1, 1, {}), testing::HasSubstr("libgdcm-dev was missing"));
  EXPECT_THAT(unpack("slice.dcm", 1, 1, {}), testing::HasSubstr("setup --scans brings it"));
}

} // namespace
} // namespace deid::dicom
