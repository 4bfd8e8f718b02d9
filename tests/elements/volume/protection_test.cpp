// The proof that the brain stays: which voxels are kept, and that one changed bit is noticed.
#include "elements/volume/anatomy/protection.hpp"
#include <cmath>
#include <gtest/gtest.h>

namespace deid::volume {
namespace {

/// A brain of 20 mm about the world's origin, on cubes of 2 mm.
Brain made_brain() {
  Brain brain;
  brain.distance = {{40, 40, 40}, 2, {-39, -39, -39}, {}};
  for (int z = 0; z < 40; ++z)
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 40; ++x)
        brain.distance.values.push_back(
            static_cast<float>(distance(brain.distance.world(x, y, z), {0, 0, 0}) - 20));
  return brain;
}

/// Stored L-A-S with thick slices, and larger than the brain's grid.
Description made_scan() {
  Description about{.format = Format::s16, .size = {60, 50, 30}, .spacing = {2, 2, 4}, .oriented = true};
  about.to_world = {{{-2, 0, 0, 59}, {0, 2, 0, -49}, {0, 0, 4, -58}}};
  return about;
}

TEST(Protection, TheBrainAndAMarginAreKeptInAnyStorage) {
  const Description about = made_scan();
  const Mask kept = protected_voxels(about, made_brain(), 6);
  ASSERT_EQ(kept.size(), about.voxels());
  std::size_t at = 0;
  for (int k = 0; k < 30; ++k)
    for (int j = 0; j < 50; ++j)
      for (int i = 0; i < 60; ++i, ++at) {
        const double radius = distance(moved(about.to_world, {double(i), double(j), double(k)}), {0, 0, 0});
        if (std::abs(radius - 26) > 0.5) {
          EXPECT_EQ(kept[at] != 0, radius < 26) << radius;
        }
      }
}

TEST(Protection, OneChangedBitIsNoticed) {
  const Mask kept{0, 1, 1, 0, 1};
  std::vector<std::byte> voxels(10, std::byte{7});
  const Protection protection(voxels, kept);
  EXPECT_EQ(protection.count(), 3U);
  EXPECT_NO_THROW(protection.verify(voxels));
  for (std::size_t at = 0; at < voxels.size(); ++at)
    for (const auto bit : {std::byte{1}, std::byte{128}}) {
      voxels[at] ^= bit;
      if (kept[at / 2] != 0) {
        EXPECT_THROW(protection.verify(voxels), ProtectionError) << at;
      } else {
        EXPECT_NO_THROW(protection.verify(voxels)) << at;
      }
      voxels[at] ^= bit;
    }
}

/// sha256 of the bytes 2, 3: who has both files can compute it.
TEST(Protection, TheHashIsThatOfTheKeptBytes) {
  const std::vector<std::byte> voxels{std::byte{1}, std::byte{2}, std::byte{3}};
  EXPECT_EQ(Protection(voxels, {0, 1, 1}).hash(),
            "ee9040f65c341855e070ff438eb0ea9d5b831b2a2c270fb7ef592d750408e3b3");
}

TEST(Protection, WhatDoesNotFitIsRefused) {
  const std::vector<std::byte> voxels(10);
  EXPECT_THROW(Protection(voxels, Mask(3, 1)), std::invalid_argument);
  EXPECT_THROW(Protection(voxels, Mask(5, 0)), ProtectionError);
  EXPECT_THROW(Protection(voxels, Mask{}), std::invalid_argument);
  const Protection protection(voxels, Mask(5, 1));
  EXPECT_THROW(protection.verify(std::vector<std::byte>(8)), ProtectionError);
}

} // namespace
} // namespace deid::volume
