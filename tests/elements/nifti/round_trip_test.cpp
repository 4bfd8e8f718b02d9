// What is read is written again without a change: every type, order of bytes, version, form and orientation.
#include "elements/volume/nifti/reader.hpp"
#include "elements/volume/nifti/writer.hpp"
#include "tests/elements/nifti/made.hpp"
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace deid::nifti {
namespace {

namespace fs = std::filesystem;
using namespace test;

struct Kind {
  std::int16_t code, bits;
  volume::Format format;
};
constexpr Kind kinds[] = {
    {2, 8, volume::Format::u8},      {256, 8, volume::Format::s8},    {512, 16, volume::Format::u16},
    {4, 16, volume::Format::s16},    {768, 32, volume::Format::u32},  {8, 32, volume::Format::s32},
    {1280, 64, volume::Format::u64}, {1024, 64, volume::Format::s64}, {16, 32, volume::Format::f32},
    {64, 64, volume::Format::f64},
};
enum class Form { single, packed, pair, packed_pair };

struct Case {
  Kind kind;
  int version;
  bool big_endian;
  Form form;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Kind& kind : kinds)
    for (const int version : {1, 2})
      for (const bool big : {false, true})
        for (const Form form : {Form::single, Form::packed, Form::pair, Form::packed_pair})
          all.push_back({kind, version, big, form});
  return all;
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  const char* forms[] = {"nii", "niigz", "pair", "pairgz"};
  return std::string(volume::name_of(c.kind.format)) + "_v" + std::to_string(c.version) +
         (c.big_endian ? "_big_" : "_little_") + forms[static_cast<int>(c.form)];
}

class RoundTrip : public testing::TestWithParam<Case> {
protected:
  [[nodiscard]] bool pair() const {
    return GetParam().form == Form::pair || GetParam().form == Form::packed_pair;
  }
  [[nodiscard]] bool gz() const {
    return GetParam().form == Form::packed || GetParam().form == Form::packed_pair;
  }

  template <class Raw> std::string header(Raw raw, const char* magic, std::int64_t at) const {
    raw.datatype = GetParam().kind.code;
    raw.bitpix = GetParam().kind.bits;
    raw.scl_slope = 2.0078125F; // seg3d's kind of slope must neither vanish nor be applied
    raw.scl_inter = -7;
    raw.cal_max = 900;
    raw.slice_duration = 0.25;
    raw.intent_code = 2;
    raw.dim_info = 57;
    raw.slice_end = 1;
    std::memcpy(raw.magic, magic, sizeof raw.magic);
    raw.vox_offset = static_cast<decltype(raw.vox_offset)>(at);
    if (GetParam().big_endian)
      turn(raw);
    return text_of(raw);
  }
  std::string header() const {
    if (GetParam().version == 1)
      return header(Raw1{}, pair() ? "ni1" : "n+1", pair() ? 0 : 352);
    return header(Raw2{}, pair() ? "ni2\0\r\n\032\n" : "n+2\0\r\n\032\n", pair() ? 0 : 544);
  }
  fs::path named(const char* stem, bool second = false) const {
    std::string name = stem;
    name += pair() ? (second ? ".img" : ".hdr") : ".nii";
    return scratch_.path() / (name + (gz() ? ".gz" : ""));
  }
  void put(const fs::path& file, const std::string& bytes) const {
    write(file, gz() ? packed(bytes) : bytes);
  }

  deid::test::Scratch scratch_;
};

TEST_P(RoundTrip, HeaderAndVoxelsAreTheSameBytes) {
  const std::string head = header() + std::string(4, '\0');
  const std::string voxels = pattern(24 * static_cast<std::size_t>(GetParam().kind.bits) / 8);
  if (pair()) {
    put(named("in"), head);
    put(named("in", true), voxels);
  } else {
    put(named("in"), head + voxels);
  }
  const Reading reading = read_file(named("in"));
  EXPECT_EQ(reading.volume.about.format, GetParam().kind.format);
  EXPECT_EQ(reading.volume.about.size, (std::array{4, 3, 2}));
  EXPECT_DOUBLE_EQ(reading.volume.about.slope, 2.0078125);
  EXPECT_EQ(reading.dropped, Dropped{});
  FileWriter writer(named("out"), reading.header, 6);
  writer.write(reading.volume.voxels);
  writer.commit();
  if (pair()) {
    EXPECT_EQ(plain(named("out")), head);
    EXPECT_EQ(plain(named("out", true)), voxels);
  } else {
    EXPECT_EQ(plain(named("out")), head + voxels);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, RoundTrip, testing::ValuesIn(cases()), name_of_case);

TEST(Nifti, NumbersOfABigEndianFileAreTurnedInMemory) {
  Raw1 raw;
  turn(raw);
  std::string voxels(48, '\0');
  voxels[1] = 5; // the first number is 5, most significant byte first
  const std::string file = text_of(raw) + std::string(4, '\0') + voxels;
  const Reading reading = read(open_memory(std::as_bytes(std::span(file))), nullptr);
  EXPECT_EQ(reading.volume.voxels[0], std::byte{5});
  EXPECT_EQ(reading.volume.voxels[1], std::byte{0});
}

/// All 48 ways to store a grid whose sides stand along the world's axes.
TEST(Nifti, EveryOrientationKeepsItsMap) {
  const std::array<std::array<int, 3>, 6> orders{
      {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
  int seen = 0;
  for (const auto& order : orders)
    for (int signs = 0; signs < 8; ++signs, ++seen) {
      Raw1 raw;
      volume::Affine wanted{};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double step = ((signs >> axis) & 1) != 0 ? -(axis + 1.0) : axis + 1.0;
        wanted[static_cast<std::size_t>(order[axis])][axis] = step;
        wanted[axis][3] = 10.5 * static_cast<double>(axis) - 7;
      }
      for (std::size_t column = 0; column < 4; ++column) {
        raw.srow_x[column] = static_cast<float>(wanted[0][column]);
        raw.srow_y[column] = static_cast<float>(wanted[1][column]);
        raw.srow_z[column] = static_cast<float>(wanted[2][column]);
      }
      const std::string file = single(raw);
      const Reading reading = read(open_memory(std::as_bytes(std::span(file))), nullptr);
      EXPECT_EQ(reading.volume.about.to_world, wanted);
      EXPECT_TRUE(reading.volume.about.oriented);
      const auto bytes = to_bytes(reading.header, false);
      EXPECT_EQ(std::memcmp(bytes.data(), file.data(), bytes.size()), 0);
    }
  EXPECT_EQ(seen, 48);
}

volume::Description described(const Raw1& raw) {
  const std::string file = single(raw);
  return read(open_memory(std::as_bytes(std::span(file))), nullptr).volume.about;
}

/// nifti1.h, method 2: a quarter turn about z, and the sign of the third axis in pixdim[0].
TEST(Nifti, TheQuaternionIsUsedWhereThereIsNoMatrix) {
  Raw1 raw;
  raw.sform_code = 0;
  raw.qform_code = 1;
  raw.quatern_d = std::sqrt(0.5F);
  raw.pixdim[0] = -1;
  raw.qoffset_x = 11;
  const volume::Affine wanted{{{0, -2, 0, 11}, {1, 0, 0, 0}, {0, 0, -3, 0}}};
  const auto about = described(raw);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c)
      EXPECT_NEAR(about.to_world[r][c], wanted[r][c], 1e-6) << r << ' ' << c;
  raw.quatern_d = 1; // a half turn: the fourth number of the quaternion is 0
  EXPECT_NEAR(described(raw).to_world[0][0], -1, 1e-6);
}

TEST(Nifti, WithoutAPlaceInTheWorldTheVolumeIsNotOriented) {
  Raw1 raw;
  raw.sform_code = 0;
  const auto about = described(raw);
  EXPECT_FALSE(about.oriented);
  EXPECT_EQ(about.to_world, (volume::Affine{{{1, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 3, 0}}}));
}

TEST(Nifti, UnitsBecomeMillimetres) {
  Raw1 raw;
  raw.xyzt_units = 1; // metres
  EXPECT_DOUBLE_EQ(described(raw).spacing[1], 2000);
  EXPECT_DOUBLE_EQ(described(raw).to_world[1][1], 2000);
  raw.xyzt_units = 3; // micrometres
  EXPECT_DOUBLE_EQ(described(raw).spacing[2], 0.003);
}

TEST(Nifti, ASlopeOfZeroOrNoNumberMeansNoScale) {
  Raw1 raw;
  raw.scl_inter = 4;
  EXPECT_EQ(described(raw).slope, 1);
  EXPECT_EQ(described(raw).intercept, 0);
  raw.scl_slope = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(described(raw).slope, 1);
}

TEST(Nifti, SeveralGzipMembersAreOneFile) {
  const deid::test::Scratch scratch;
  const std::string file = single();
  write(scratch.path() / "a.nii.gz", packed(file.substr(0, 200)) + packed(file.substr(200)));
  const Reading reading = read_file(scratch.path() / "a.nii.gz");
  EXPECT_EQ(std::memcmp(reading.volume.voxels.data(), pattern(48).data(), 48), 0);
}

TEST(Nifti, APictureOfOneSliceIsAVolume) {
  Raw1 raw;
  raw.dim[0] = 2;
  raw.dim[3] = 0;
  const auto file = single(raw, pattern(24));
  const Reading reading = read(open_memory(std::as_bytes(std::span(file))), nullptr);
  EXPECT_EQ(reading.volume.about.size, (std::array{4, 3, 1}));
}

TEST(Nifti, AVolumeFromElsewhereGetsAHeader) {
  volume::Description about{.format = volume::Format::u16, .size = {4, 3, 2}, .spacing = {1, 2, 3}};
  about.to_world = {{{-1, 0, 0, 4}, {0, 2, 0, 5}, {0, 0, 3, 6}}};
  about.oriented = true;
  about.slope = 2;
  about.intercept = -1024;
  EXPECT_EQ(describe(header_for(about)), about);
  EXPECT_EQ(header_for(about).version, 1);
  about.size[2] = 40000;
  EXPECT_EQ(header_for(about).version, 2);
}

} // namespace
} // namespace deid::nifti
