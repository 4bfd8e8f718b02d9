// Distances, and the brain on a made head whose cortex reaches beyond the template's.
#include "elements/volume/anatomy/brain.hpp"
#include "elements/volume/grid/distance.hpp"
#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deid::volume {
namespace {

Field field_of(const std::function<float(const Point&)>& value, double spacing, double half) {
  const int side = static_cast<int>(2 * half / spacing);
  Field field{{side, side, side}, spacing, {-half, -half, -half}, {}};
  for (int z = 0; z < side; ++z)
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        field.values.push_back(value(field.world(x, y, z)));
  return field;
}

double radius(const Point& p) {
  return distance(p, {0, 0, 0});
}

TEST(Distance, OfABallIsTheDistanceToItsSurface) {
  const Field grid = field_of([](const Point&) { return 0.F; }, 2, 50);
  Mask mask;
  const Field inside = field_of([](const Point& p) { return radius(p) < 30 ? 1.F : 0.F; }, 2, 50);
  for (const float value : inside.values)
    mask.push_back(static_cast<unsigned char>(value));
  const Field found = signed_distance(grid, mask);
  for (int z = 0; z < 50; z += 3)
    for (int y = 0; y < 50; y += 3)
      for (int x = 0; x < 50; x += 3) {
        const Point p = grid.world(x, y, z);
        EXPECT_NEAR(found.values[found.index(x, y, z)], radius(p) - 30, 1.8);
        EXPECT_EQ(found.values[found.index(x, y, z)] < 0, radius(p) < 30);
      }
}

/// Against the distance by comparing every pair.
TEST(Distance, IsExact) {
  const Field grid{{9, 7, 5}, 1, {}, std::vector<float>(315)};
  Mask mask(315);
  for (const std::size_t at : {3U, 47U, 111U, 112U, 200U, 310U})
    mask[at] = 1;
  const Field found = signed_distance(grid, mask);
  for (int z = 0; z < 5; ++z)
    for (int y = 0; y < 7; ++y)
      for (int x = 0; x < 9; ++x) {
        const bool inside = mask[grid.index(x, y, z)] != 0;
        double least = 1e9;
        for (int k = 0; k < 5; ++k)
          for (int j = 0; j < 7; ++j)
            for (int i = 0; i < 9; ++i)
              if ((mask[grid.index(i, j, k)] != 0) != inside)
                least = std::min(least, distance(grid.world(x, y, z), grid.world(i, j, k)));
        EXPECT_NEAR(found.values[found.index(x, y, z)], inside ? 0.5 - least : least - 0.5, 1e-5);
      }
}

TEST(Distance, WithoutASurfaceIsTheGridsLength) {
  const Field grid{{4, 5, 6}, 2, {}, std::vector<float>(120)};
  EXPECT_EQ(signed_distance(grid, Mask(120, 0)).values, std::vector<float>(120, 12));
  EXPECT_EQ(signed_distance(grid, Mask(120, 1)).values, std::vector<float>(120, -12));
}

/// Brain of 64 mm with a lobe that reaches 4 mm farther at one place, fluid, dark bone from 72 mm, bright
/// skin from 78.
float made_head(const Point& p) {
  const double r = radius(p);
  if (r < 64 || (r < 68 && p[1] > 50))
    return 200;
  if (r < 72)
    return 60;
  return r < 78 ? 10 : r < 84 ? 220 : 5;
}

struct Made {
  BrainTemplate known{field_of(made_head, 4, 100),
                      field_of([](const Point& p) { return radius(p) < 64 ? 1.F : 0.F; }, 4, 100)};
  Registration found{.map = {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}};
};

TEST(Brain, WhatIsConnectedAndAsBrightIsBrainToo) {
  const Made made;
  const Field subject = field_of(made_head, 2, 90);
  const Brain brain = find_brain(subject, made.known, made.found);
  EXPECT_NEAR(brain.template_ml, 1098, 40);
  EXPECT_GT(brain.grown_ml, 0);
  int missed = 0, skin = 0;
  for (int z = 0; z < subject.size[2]; ++z)
    for (int y = 0; y < subject.size[1]; ++y)
      for (int x = 0; x < subject.size[0]; ++x) {
        const std::size_t at = subject.index(x, y, z);
        const Point p = subject.world(x, y, z);
        missed += made_head(p) == 200 && brain.mask[at] == 0;
        skin += radius(p) > 72 && brain.mask[at] != 0;
        EXPECT_EQ(brain.mask[at] != 0, brain.distance.values[at] < 0);
      }
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(skin, 0);
}

/// Where fluid is as bright as brain, all of the reach is kept, and no more.
TEST(Brain, BrightFluidIsKeptUpToTheReach) {
  const Made made;
  const Field subject = field_of([](const Point& p) { return radius(p) < 84 ? 200.F : 5.F; }, 2, 90);
  const Brain brain = find_brain(subject, made.known, made.found);
  for (int x = 0; x < subject.size[0]; ++x) {
    const Point p = subject.world(x, 45, 45);
    const bool kept = brain.mask[subject.index(x, 45, 45)] != 0;
    if (std::abs(radius(p) - 70) > 3) {
      EXPECT_EQ(kept, radius(p) < 70) << radius(p);
    }
  }
}

TEST(Brain, AnUnlikelyVolumeIsRefused) {
  Made made;
  made.found.map = {{{0.7, 0, 0, 0}, {0, 0.7, 0, 0}, {0, 0, 0.7, 0}}};
  try {
    (void)find_brain(field_of(made_head, 2, 90), made.known, made.found);
    FAIL();
  } catch (const RegistrationError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("not likely of a grown person"));
  }
}

} // namespace
} // namespace deid::volume
