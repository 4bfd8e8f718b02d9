// Values in millimetres: maps, sampling in every orientation, thresholds, the head as a mask.
#include "elements/volume/grid/bands.hpp"
#include "elements/volume/grid/field.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

namespace deid::volume {
namespace {

const Affine turned{{{0, -0.9, 0.1, 90}, {1.1, 0, 0.2, -126}, {-0.1, 0.3, 1.2, -72}}};

TEST(Affine, AMapAndItsInverseGoBack) {
  const Point point{3, -5, 7};
  const Point back = moved(inverse(turned), moved(turned, point));
  EXPECT_NEAR(distance(back, point), 0, 1e-9);
  const Affine same = compose(turned, inverse(turned));
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c)
      EXPECT_NEAR(same[r][c], r == c ? 1 : 0, 1e-9);
}

TEST(Affine, ComposingMapsTheSecondFirst) {
  const Affine shift{{{1, 0, 0, 5}, {0, 1, 0, 0}, {0, 0, 1, 0}}},
      twice{{{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}}};
  EXPECT_EQ(moved(compose(twice, shift), {1, 1, 1}), (Point{12, 2, 2}));
  EXPECT_EQ(moved(compose(shift, twice), {1, 1, 1}), (Point{7, 2, 2}));
}

TEST(Affine, StretchesDoNotDependOnTurning) {
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Affine turn{{{c, -s, 0, 1}, {s, c, 0, 2}, {0, 0, 1, 3}}};
  const Affine stretch{{{1.5, 0, 0, 0}, {0, 0.5, 0, 0}, {0, 0, 1, 0}}};
  const auto found = stretches(compose(turn, stretch));
  EXPECT_NEAR(found[0], 1.5, 1e-9);
  EXPECT_NEAR(found[1], 1, 1e-9);
  EXPECT_NEAR(found[2], 0.5, 1e-9);
}

/// A volume whose value at (x, y, z) of the world is 2x + 3y - z + 500, stored with a slope.
struct Ramp {
  Description about{.format = Format::f64, .size = {12, 10, 9}, .slope = 2, .intercept = 100};
  std::vector<std::byte> voxels;

  explicit Ramp(const Affine& to_world) {
    about.to_world = to_world;
    for (std::size_t axis = 0; axis < 3; ++axis)
      about.spacing[axis] = std::hypot(to_world[0][axis], to_world[1][axis], to_world[2][axis]);
    voxels.resize(about.bytes());
    std::size_t at = 0;
    for (int k = 0; k < about.size[2]; ++k)
      for (int j = 0; j < about.size[1]; ++j)
        for (int i = 0; i < about.size[0]; ++i, at += sizeof(double)) {
          const double stored = (value(moved(to_world, {double(i), double(j), double(k)})) - 100) / 2;
          std::memcpy(voxels.data() + at, &stored, sizeof stored);
        }
  }
  static double value(const Point& p) { return 2 * p[0] + 3 * p[1] - p[2] + 500; }
};

TEST(Sampler, BetweenVoxelsItIsLinearInEveryOrientation) {
  const Affine flipped{{{0, 0, -2, 40}, {-1, 0, 0, 7}, {0, 1.5, 0, -3}}};
  for (const Affine& map : {turned, flipped}) {
    const Ramp ramp(map);
    const Sampler sampler(ramp.about, ramp.voxels);
    for (const Point& index :
         {Point{5, 4, 3}, Point{5.25, 4.5, 3.75}, Point{0, 0, 0}, Point{10.9, 8.9, 7.9}}) {
      const Point world = moved(map, index);
      EXPECT_NEAR(sampler.at(world), Ramp::value(world), 1e-3);
    }
    EXPECT_EQ(sampler.at(moved(map, {-2, 4, 3})), sampler.least());
    EXPECT_EQ(sampler.at(moved(map, {5, 4, 20})), sampler.least());
  }
}

TEST(Sampler, WhatIsNoNumberIsNothing) {
  Description about{.format = Format::f32, .size = {2, 1, 1}};
  const std::array<float, 2> values{std::nanf(""), 3};
  const Sampler sampler(about, std::as_bytes(std::span(values)));
  EXPECT_EQ(sampler.values(), (std::vector<float>{0, 3}));
}

TEST(Sampler, EveryFormatIsRead) {
  for (const Format format : {Format::u8, Format::s8, Format::u16, Format::s16, Format::u32, Format::s32,
                              Format::u64, Format::s64}) {
    const Description about{.format = format, .size = {2, 1, 1}, .slope = 3, .intercept = 1};
    std::vector<std::byte> voxels(about.bytes());
    voxels[size_of(format)] = std::byte{5};
    EXPECT_EQ(Sampler(about, voxels).values(), (std::vector<float>{1, 16})) << name_of(format);
  }
}

TEST(Field, ACellHasTheMeanOfTheVolumeInIt) {
  const Ramp ramp({{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}});
  const Sampler sampler(ramp.about, ramp.voxels);
  const Field field = resampled(sampler, 2);
  EXPECT_EQ(field.size, (std::array{6, 5, 5}));
  EXPECT_NEAR(field.values[field.index(2, 2, 2)], Ramp::value(field.world(2, 2, 2)), 1e-3);
  const Point between{field.origin[0] + 3.5, field.origin[1] + 4.5, field.origin[2] + 4.1};
  EXPECT_NEAR(sample(field, between, -1), Ramp::value(between), 1e-3);
  EXPECT_EQ(sample(field, {1000, 0, 0}, -1), -1);
}

TEST(Field, ClippingTakesSingleBrightCells) {
  Field field{{10, 10, 10}, 1, {}, std::vector<float>(1000)};
  for (std::size_t i = 0; i < 1000; ++i)
    field.values[i] = static_cast<float>(i);
  field.values[999] = 1e6F;
  clip(field, 0.01);
  EXPECT_EQ(*std::ranges::max_element(field.values), 990);
  EXPECT_EQ(*std::ranges::min_element(field.values), 9);
}

TEST(Field, OtsuStandsBetweenTwoHeaps) {
  std::vector<float> values(100, 10);
  values.resize(150, 90);
  EXPECT_GT(otsu(values), 10);
  EXPECT_LT(otsu(values), 90);
  EXPECT_EQ(otsu(std::vector<float>(5, 4)), 4);
}

/// A ball with a hole in it, and a smaller ball apart: the head is the first without its hole.
TEST(Head, IsTheLargestPartWithoutHoles) {
  Field field{{40, 30, 30}, 4, {-80, -60, -60}, std::vector<float>(36000, 5)};
  const auto ball = [&](const Point& centre, double radius, float value) {
    for (int z = 0; z < 30; ++z)
      for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x)
          if (distance(field.world(x, y, z), centre) < radius)
            field.values[field.index(x, y, z)] = value;
  };
  ball({-20, 0, 0}, 40, 100);
  ball({-20, 0, 0}, 15, 4);
  ball({60, 0, 0}, 12, 100);
  const Mask head = head_of(field, 1);
  int wrong = 0;
  for (int z = 0; z < 30; ++z)
    for (int y = 0; y < 30; ++y)
      for (int x = 0; x < 40; ++x)
        wrong += (distance(field.world(x, y, z), {-20, 0, 0}) < 40) != (head[field.index(x, y, z)] != 0);
  EXPECT_EQ(wrong, 0);
  const Point centre = centre_of(field, head);
  EXPECT_NEAR(distance(centre, {-20, 0, 0}), 0, 0.5);
}

TEST(Head, OfNothingIsEmpty) {
  const Field field{{5, 5, 5}, 4, {}, std::vector<float>(125, 3)};
  EXPECT_EQ(head_of(field, 1), Mask(125, 0));
}

TEST(Bands, BothPartsTogetherAreTheScan) {
  const Description about{.format = Format::u8, .size = {7, 6, 5}};
  std::vector<std::byte> voxels(about.bytes());
  for (std::size_t i = 0; i < voxels.size(); ++i)
    voxels[i] = std::byte{static_cast<std::uint8_t>(i * 37 % 251)};
  const Sampler scan(about, voxels);
  const Bands bands(scan);
  each_voxel(about, [&](std::size_t voxel, const Point& at) {
    EXPECT_NEAR(bands.coarse(at) + bands.fine(at), static_cast<double>(scan.values()[voxel]), 1e-3);
    EXPECT_NEAR(bands.coarse(voxel), bands.coarse(at), 1e-3);
    EXPECT_EQ(bands.fine({at[0] + 0.4, at[1], at[2] - 0.4}), bands.fine(at)) << "voxel by voxel";
  });
}

TEST(Slices, EachIsVisitedOnceAndAnErrorComesBack) {
  std::vector<std::atomic<int>> visits(101);
  in_slices(101, [&](int i) { ++visits[static_cast<std::size_t>(i)]; });
  for (const auto& one : visits)
    EXPECT_EQ(one, 1);
  EXPECT_THROW(in_slices(9, [](int i) { i == 7 ? throw std::runtime_error("seven") : void(); }),
               std::runtime_error);
}

} // namespace
} // namespace deid::volume
