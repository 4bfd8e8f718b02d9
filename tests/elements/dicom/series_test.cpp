// A series goes through: every number, its place, and nothing that names a person.
#include "elements/volume/dicom/kept.hpp"
#include "elements/volume/dicom/series.hpp"
#include "tests/elements/dicom/made.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace deid::dicom {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;
using testing::Not;

struct Series : testing::Test {
  const deid::test::Scratch scratch{};
  [[nodiscard]] fs::path in(const char* name) const { return scratch.path() / name; }
  Reading made() const {
    make_series(in("in"));
    return read_series(in("in"));
  }
  void write_out(const Reading& reading, const Stamp& stamp = {}) const {
    SeriesWriter writer(in("out"));
    writer.write(reading.volume.about, reading.volume.voxels, reading.header, stamp);
    writer.commit();
  }
};

int number_at(const volume::Volume& volume, int column, int row, int slice) {
  const std::size_t at = 2 * static_cast<std::size_t>((slice * rows + row) * columns + column);
  std::int16_t value = 0;
  std::memcpy(&value, volume.voxels.data() + at, 2);
  return value;
}

TEST_F(Series, SlicesAreSortedByTheirPlaceAndNumbersAreThoseOfTheFiles) {
  const Reading reading = made();
  const auto& about = reading.volume.about;
  EXPECT_EQ(about.format, volume::Format::s16);
  EXPECT_EQ(about.size, (std::array{columns, rows, slices}));
  EXPECT_EQ(about.spacing, (std::array{0.5, 0.75, 1.5}));
  EXPECT_EQ(about.slope, 2);
  EXPECT_EQ(about.intercept, -5);
  EXPECT_TRUE(about.oriented);
  for (int slice = 0; slice < slices; ++slice)
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column)
        ASSERT_EQ(number_at(reading.volume, column, row, slice), stored(column, row, slice));
  // the normal of these slices is -x; place of voxel (2, 1, 3) by hand: DICOM's x and y change their sign
  const auto place = [&](std::size_t axis) {
    const auto& m = about.to_world.at(axis);
    return m[0] * 2 + m[1] * 1 + m[2] * 3 + m[3];
  };
  EXPECT_DOUBLE_EQ(place(0), -(20 - 1.5 * 3));
  EXPECT_DOUBLE_EQ(place(1), -(-7 + 0.5 * 2));
  EXPECT_DOUBLE_EQ(place(2), 30 - 0.75);
}

TEST_F(Series, WhatIsWrittenIsReadAgainBitByBit) {
  const Reading reading = made();
  write_out(reading);
  const Reading again = read_series(in("out"));
  EXPECT_EQ(again.volume.about, reading.volume.about);
  EXPECT_EQ(again.volume.voxels, reading.volume.voxels);
  EXPECT_EQ(again.dropped, Dropped{}) << "the result holds nothing that would be dropped";
  EXPECT_EQ(std::distance(fs::directory_iterator(in("out")), {}), slices);
  EXPECT_TRUE(fs::exists(in("out") / "00001.dcm"));
}

TEST_F(Series, NothingThatNamesAPersonIsWritten) {
  const Reading reading = made();
  EXPECT_THAT(reading.dropped.attributes, testing::Contains("0010,0010"));
  EXPECT_THAT(reading.dropped.attributes, testing::Contains("0008,1140"));
  EXPECT_THAT(reading.dropped.attributes, testing::Contains("6000,3000"));
  EXPECT_EQ(reading.dropped.private_attributes, 2U * slices);
  write_out(reading, {.face_changed = true});
  for (const auto& entry : fs::directory_iterator(in("out"))) {
    const std::string bytes = read(entry.path());
    for (const char* name : {"JANE", "DOE", "20130717", "132518", "1.2.826.0.1.", "1.2.3.4"})
      EXPECT_EQ(bytes.find(name), std::string::npos) << name;
    EXPECT_THAT(bytes, HasSubstr("DERIVED\\PRIMARY\\M"));
    EXPECT_THAT(bytes, HasSubstr("113102"));
    EXPECT_THAT(bytes, HasSubstr("other face"));
  }
}

TEST_F(Series, AFaceThatStayedIsNotSaidToBeAnother) {
  write_out(made());
  const std::string bytes = read(in("out") / "00001.dcm");
  EXPECT_THAT(bytes, Not(HasSubstr("113102")));
  EXPECT_THAT(bytes, Not(HasSubstr("other face")));
}

TEST_F(Series, ListedAttributesThatHoldWordsAreDropped) {
  make_series(in("in"), [](int, Dataset& set) {
    set[0x00180020] = {"CS", "Jane Doe"}; // code words have no small letters
    set[0x00180081] = {"DS", "JANE"};
    set[0x00281054] = {"LO", "JANE"};
    set[0x00280301] = {"CS", "NO"};
  });
  const Reading reading = read_series(in("in"));
  for (const char* tag : {"0018,0020", "0018,0081", "0028,1054"})
    EXPECT_THAT(reading.dropped.attributes, testing::Contains(tag));
  write_out(reading);
  EXPECT_EQ(read(in("out") / "00001.dcm").find("Jane"), std::string::npos);
}

TEST_F(Series, OneUidBecomesOneNewUid) {
  (void)made();
  make_series(in("second"), [](int, Dataset& set) { set[0x0020000e].content = "1.2.826.0.1.9"; });
  const Reading first = read_series(in("in")), second = read_series(in("second"));
  write_out(first);
  std::set<std::string> uids;
  for (const auto& entry : fs::directory_iterator(in("out"))) {
    const std::string bytes = read(entry.path());
    for (std::size_t at = 0; (at = bytes.find("2.25.", at)) != std::string::npos; ++at)
      uids.insert(bytes.substr(at, bytes.find_first_not_of("0123456789.", at) - at));
  }
  EXPECT_EQ(uids.size(), 4U + slices) << "study, series, frame of reference, each slice, and the program";
  const std::string other(reinterpret_cast<const char*>(second.header.data()), second.header.size());
  EXPECT_EQ(std::ranges::count_if(
                uids, [&](const std::string& uid) { return other.find(uid) != std::string::npos; }),
            3 + slices)
      << "the second series has its own UID, and shares all others";
}

TEST(Kept, TextsHaveNoPlace) {
  EXPECT_TRUE(fits("DS", "-1.5e-3\\2 "));
  EXPECT_FALSE(fits("DS", "1.5 mm"));
  EXPECT_FALSE(fits("CS", "Jane"));
  EXPECT_FALSE(fits("UI", "1.2.826.0.1.2"));
  EXPECT_FALSE(fits("SH", "X"));
  EXPECT_FALSE(fits("US", "abcdefghijkl"));
  EXPECT_FALSE(fits("CS", std::string(300, 'A')));
}

} // namespace
} // namespace deid::dicom
