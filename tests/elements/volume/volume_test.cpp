// A volume's description: sizes, names, and the descriptions that are refused.
#include "elements/volume/volume.hpp"
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace deid::volume {
namespace {

TEST(Volume, EveryFormatHasANameAndASize) {
  const std::pair<Format, std::size_t> sizes[] = {
      {Format::u8, 1},  {Format::s8, 1},  {Format::u16, 2}, {Format::s16, 2}, {Format::u32, 4},
      {Format::s32, 4}, {Format::u64, 8}, {Format::s64, 8}, {Format::f32, 4}, {Format::f64, 8}};
  for (const auto& [format, size] : sizes) {
    EXPECT_EQ(size_of(format), size);
    EXPECT_EQ(format_named(name_of(format)), format);
  }
  EXPECT_STREQ(name_of(Format::s16), "S16LE");
  EXPECT_EQ(format_named("GRAY8"), std::nullopt);
}

TEST(Volume, BytesAreVoxelsTimesSize) {
  const Description about{.format = Format::s16, .size = {3, 5, 7}};
  EXPECT_EQ(about.voxels(), 105U);
  EXPECT_EQ(about.bytes(), 210U);
  EXPECT_NO_THROW(check(about));
}

std::string refusal(const Description& about) {
  try {
    check(about);
  } catch (const DescriptionError& error) {
    return error.what();
  }
  return "";
}

TEST(Volume, ImpossibleDescriptionsAreRefused) {
  Description about{.size = {4, 0, 4}};
  EXPECT_EQ(refusal(about), "its grid has no voxels");
  about.size = {4, -4, 4};
  EXPECT_EQ(refusal(about), "its grid has no voxels");
  about.size = {2147483647, 2147483647, 2147483647};
  EXPECT_EQ(refusal(about), "its grid would take more than 4 GiB");
  about = {.format = Format::f64, .size = {1024, 1024, 513}};
  EXPECT_EQ(refusal(about), "its grid would take more than 4 GiB");
  about = {.spacing = {1, 0, 1}};
  EXPECT_EQ(refusal(about), "the distance between its voxels is no length");
  about = {.spacing = {1, 1, std::numeric_limits<double>::quiet_NaN()}};
  EXPECT_EQ(refusal(about), "the distance between its voxels is no length");
  about = {};
  about.to_world[1][3] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal(about), "its place in the world is not a number");
  about = {};
  about.to_world[2] = about.to_world[1];
  EXPECT_EQ(refusal(about), "its map to the world flattens the grid");
}

TEST(Volume, TheDeterminantHasTheSignOfTheHandedness) {
  Affine left{{{-2, 0, 0, 5}, {0, 3, 0, 5}, {0, 0, 4, 5}}};
  EXPECT_DOUBLE_EQ(determinant(left), -24);
  std::swap(left[0], left[1]);
  EXPECT_DOUBLE_EQ(determinant(left), 24);
}

} // namespace
} // namespace deid::volume
