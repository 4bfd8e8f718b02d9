// gdcm as an independent judge: it reads what was written, makes packed pictures, and knows the standard's
// list.
#include "elements/volume/dicom/kept.hpp"
#include "elements/volume/dicom/packed.hpp"
#include "elements/volume/dicom/series.hpp"
#include "tests/elements/dicom/made.hpp"
#include <gdcmAnonymizer.h>
#include <gdcmImageChangeTransferSyntax.h>
#include <gdcmImageReader.h>
#include <gdcmImageWriter.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::dicom {
namespace {

namespace fs = std::filesystem;
using namespace test;

/// PS3.15's list as gdcm knows it: nothing of it is kept as it is.
TEST(Kept, NoAttributeOfTheStandardsListIsKept) {
  const auto tags = gdcm::Anonymizer::GetBasicApplicationLevelConfidentialityProfileAttributes();
  ASSERT_GT(tags.size(), 40U);
  for (const auto& tag : tags)
    if (const Attribute* row = attribute_of(tag.GetGroup(), tag.GetElement()); row != nullptr) {
      EXPECT_NE(row->rule, Rule::keep) << std::hex << tag.GetGroup() << "," << tag.GetElement();
    }
}

struct Gdcm : testing::TestWithParam<gdcm::TransferSyntax::TSType> {
  const deid::test::Scratch scratch{};
  [[nodiscard]] fs::path in(const char* name) const { return scratch.path() / name; }
};

/// gdcm's writer would make another kind of picture of a scaled one; whole numbers of 16 bits are unscaled.
void unscaled(int, Dataset& set) {
  set.erase(0x00281052);
  set.erase(0x00281053);
}

TEST_F(Gdcm, ReadsWhatWasWritten) {
  make_series(in("in"));
  const Reading reading = read_series(in("in"));
  {
    SeriesWriter writer(in("out"));
    writer.write(reading.volume.about, reading.volume.voxels, reading.header, {.face_changed = true});
    writer.commit();
  }
  gdcm::ImageReader reader;
  reader.SetFileName((in("out") / "00003.dcm").c_str());
  ASSERT_TRUE(reader.Read());
  EXPECT_EQ(reader.GetImage().GetDimension(0), static_cast<unsigned>(columns));
  std::vector<char> pixels(reader.GetImage().GetBufferLength());
  ASSERT_TRUE(reader.GetImage().GetBuffer(pixels.data()));
  const auto* slice = reinterpret_cast<const char*>(reading.volume.voxels.data()) + 2 * pixels.size();
  EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), slice));
  const gdcm::DataSet& set = reader.GetFile().GetDataSet();
  EXPECT_TRUE(set.FindDataElement(gdcm::Tag(0x12, 0x64))) << "the codes of what was done";
  EXPECT_EQ(set.GetDataElement(gdcm::Tag(0x12, 0x64)).GetValueAsSQ()->GetNumberOfItems(), 2U);
}

TEST_P(Gdcm, PackedPicturesGiveTheSameNumbers) {
  make_series(in("in"), unscaled);
  const Reading plain = read_series(in("in"));
  fs::create_directories(in("packed"));
  for (const auto& entry : fs::directory_iterator(in("in"))) {
    gdcm::ImageReader reader;
    reader.SetFileName(entry.path().c_str());
    ASSERT_TRUE(reader.Read());
    reader.GetImage().SetSpacing(2, 1.5); // else gdcm writes that slices lie 1 mm apart
    gdcm::ImageChangeTransferSyntax change;
    change.SetTransferSyntax(gdcm::TransferSyntax(GetParam()));
    change.SetInput(reader.GetImage());
    ASSERT_TRUE(change.Change());
    gdcm::ImageWriter writer;
    writer.SetFile(reader.GetFile());
    writer.SetImage(change.GetOutput());
    writer.SetFileName((in("packed") / entry.path().filename()).c_str());
    ASSERT_TRUE(writer.Write());
  }
  const Reading packed = read_series(in("packed"));
  EXPECT_EQ(packed.volume.about, plain.volume.about);
  EXPECT_EQ(packed.volume.voxels, plain.volume.voxels);
}

INSTANTIATE_TEST_SUITE_P(Syntaxes, Gdcm,
                         testing::Values(gdcm::TransferSyntax::ImplicitVRLittleEndian,
                                         gdcm::TransferSyntax::RLELossless,
                                         gdcm::TransferSyntax::JPEGLosslessProcess14_1,
                                         gdcm::TransferSyntax::JPEGLSLossless));

} // namespace
} // namespace deid::dicom
