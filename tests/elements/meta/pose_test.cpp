#include "elements/meta/pose.hpp"
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace {

using deid::KeypointSet;
using deid::Person;

constexpr std::array sets{KeypointSet::blazepose33, KeypointSet::coco17, KeypointSet::openpose18,
                          KeypointSet::body25};

/// Every point at (index, 10 * index).
Person numbered(KeypointSet set) {
  Person person{.id = 1, .set = set};
  for (std::size_t i = 0; i < deid::keypoint_names(set).size(); ++i)
    person.points.push_back({static_cast<float>(i), 10.F * static_cast<float>(i), .5F, true});
  return person;
}

TEST(Pose, NamesAreAsManyAsTheSetSaysAndNoneTwice) {
  const std::array<std::size_t, 4> sizes{33, 17, 18, 25};
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto names = deid::keypoint_names(sets[i]);
    EXPECT_EQ(names.size(), sizes[i]);
    EXPECT_EQ(std::set(names.begin(), names.end()).size(), sizes[i]);
    EXPECT_EQ(deid::keypoint_set(deid::to_string(sets[i])), sets[i]);
  }
  EXPECT_THROW((void)deid::keypoint_set("mpi-15"), std::invalid_argument);
}

TEST(Pose, ConversionTakesPointsByTheirName) {
  const Person blaze = numbered(KeypointSet::blazepose33);
  const auto open = deid::convert_points(blaze, KeypointSet::openpose18);
  ASSERT_EQ(open.size(), 18U);
  EXPECT_EQ(open[4].x, 16.F);  // right wrist
  EXPECT_EQ(open[1].x, 11.5F); // neck: between shoulders 11 and 12
  const auto body = deid::convert_points(blaze, KeypointSet::body25);
  EXPECT_EQ(body[8].x, 23.5F);    // mid hip
  EXPECT_EQ(body[22].x, 32.F);    // right big toe is BlazePose's foot index
  EXPECT_FALSE(body[20].present); // nobody measured the small toe
}

TEST(Pose, AMiddleNeedsBothItsEnds) {
  Person blaze = numbered(KeypointSet::blazepose33);
  blaze.points[11].present = false;
  const auto open = deid::convert_points(blaze, KeypointSet::openpose18);
  EXPECT_FALSE(open[1].present);
  EXPECT_FALSE(open[5].present);
  EXPECT_TRUE(open[2].present);
}

TEST(Pose, APersonWithTooFewPointsHasAbsentOnes) {
  Person person{.id = 1, .set = KeypointSet::coco17};
  person.points = {{1.F, 2.F, .9F, true}};
  const auto blaze = deid::convert_points(person, KeypointSet::blazepose33);
  ASSERT_EQ(blaze.size(), 33U);
  EXPECT_TRUE(blaze[0].present);
  EXPECT_FALSE(blaze[16].present);
}

} // namespace
