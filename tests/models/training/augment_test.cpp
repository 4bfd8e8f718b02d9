// Examples for the training, compared with the ranges of the specification.
#include "models/training/augment.hpp"
#include "tests/models/training/made_faces.hpp"
#include <gtest/gtest.h>
#include <set>

namespace deid::test {
namespace {

using namespace training;

constexpr int many = 20000;

Prepared prepared(const Augmenter& augmenter) {
  const Face face = made_face(rosy, .5, 1);
  return augmenter.prepare(face.crop, cv::Mat(stored_size, stored_size, CV_8UC1, cv::Scalar(32)));
}

double difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

/// Least and largest drawn values.
struct Range {
  double low = 1e9, high = -1e9, sum = 0;
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
  }
  void expect(double from, double to) const {
    const double room = .01 * (to - from);
    EXPECT_GE(low, from);
    EXPECT_LE(high, to);
    EXPECT_NEAR(low, from, room);
    EXPECT_NEAR(high, to, room);
    EXPECT_NEAR(sum / many, (from + to) / 2, 2 * room);
  }
};

TEST(Augmentation, DrawsWhatTheSpecificationSays) {
  Random random(5);
  Range lightness, a, b, rotation, zoom, x, y;
  int flips = 0, equalized = 0;
  double squares = 0;
  std::set<int> tiles;
  for (int i = 0; i < many; ++i) {
    const Change c = draw({}, 120, random);
    lightness.add(c.lightness), a.add(c.tint_a), b.add(c.tint_b);
    rotation.add(c.rotation), zoom.add(c.zoom), x.add(c.shift_x), y.add(c.shift_y);
    flips += c.flip;
    equalized += c.tiles > 0;
    tiles.insert(c.tiles);
    for (const cv::Vec2f& away : c.warp)
      squares += away.dot(away) / 50;
  }
  lightness.expect(-.3, .3);
  a.expect(-.08, .08);
  b.expect(-.08, .08);
  rotation.expect(-10, 10);
  zoom.expect(.95, 1.05);
  x.expect(-.05, .05);
  y.expect(-.05, .05);
  EXPECT_NEAR(flips, many / 2, 300);
  EXPECT_NEAR(equalized, many / 2, 300);
  EXPECT_EQ(tiles, (std::set<int>{0, 2, 3, 4, 5, 6}));
  EXPECT_NEAR(std::sqrt(squares / many) * 256, 5, .05); // px of 256
}

TEST(Augmentation, ShiftsColoursAsTheSpecificationSays) {
  EXPECT_EQ(shifted(100, .2), 131); // 100 + 155 * .2
  EXPECT_EQ(shifted(100, -.3), 70);
  EXPECT_EQ(shifted(255, .3), 255);
  EXPECT_EQ(shifted(0, -.3), 0);
  EXPECT_EQ(shifted(128, 0), 128);
}

TEST(Augmentation, ChangesNothingWhenNothingIsDrawn) {
  for (const int size : {64, 96, 128}) {
    const Augmenter augmenter(size);
    const Prepared face = prepared(augmenter);
    const Example plain = augmenter.plain(face), made = augmenter.make(face, {});
    ASSERT_EQ(made.target.size(), cv::Size(size, size));
    EXPECT_LT(difference(made.target, plain.target), 1.5) << size; // two ways to reduce a picture
    EXPECT_EQ(difference(made.input, made.target), 0);
    EXPECT_EQ(made.weight.at<std::uint8_t>(size / 2, size / 2), 32);
  }
}

TEST(Augmentation, WarpOfNoStrengthMovesNothing) {
  const Augmenter augmenter(96);
  const Prepared face = prepared(augmenter);
  Change change;
  change.warp[12] = {1e-7F, 0}; // not zero, so that the warp's path is taken
  const Example example = augmenter.make(face, change);
  EXPECT_LT(difference(example.input, example.target), .6);
}

TEST(Augmentation, WarpsTheInputOnly) {
  const Augmenter augmenter(96);
  const Prepared face = prepared(augmenter);
  Random random(3);
  Change change = draw({}, augmenter.working_size(), random), still = change;
  still.warp = {};
  const Example warped = augmenter.make(face, change), unwarped = augmenter.make(face, still);
  EXPECT_EQ(difference(warped.target, unwarped.target), 0);
  EXPECT_GT(difference(warped.input, warped.target), 1);
}

TEST(Augmentation, FlipsPictureAndWeightTogether) {
  const Augmenter augmenter(96);
  Face face = made_face(rosy, .5, 1);
  face.crop.colRange(0, 100) /= 2;
  cv::Mat weight(stored_size, stored_size, CV_8UC1, cv::Scalar(0));
  weight.colRange(0, 100) = 64;
  const Prepared ready = augmenter.prepare(face.crop, weight);
  Change flip;
  flip.flip = true;
  const Example a = augmenter.make(ready, {}), b = augmenter.make(ready, flip);
  cv::Mat mirrored, mirrored_weight;
  cv::flip(b.target, mirrored, 1);
  cv::flip(b.weight, mirrored_weight, 1);
  EXPECT_LT(difference(a.target, mirrored), .5);
  EXPECT_LT(cv::norm(a.weight, mirrored_weight, cv::NORM_L1) / static_cast<double>(a.weight.total()), .5);
}

TEST(Augmentation, ShiftsByItsShareOfTheSize) {
  const Augmenter augmenter(96);
  const Prepared face = prepared(augmenter);
  Change change;
  change.shift_x = 4. / 96;
  change.shift_y = -2. / 96;
  const cv::Mat here = augmenter.make(face, {}).target, there = augmenter.make(face, change).target;
  EXPECT_LT(difference(there(cv::Rect(10, 10, 70, 70)), here(cv::Rect(6, 12, 70, 70))), .7);
}

TEST(Augmentation, IsTheSameForTheSameSeed) {
  Random one(9), two(9), other(10);
  EXPECT_EQ(one.normal(), two.normal());
  EXPECT_NE(one.uniform(0, 1), other.uniform(0, 1));
  for (int i = 0; i < 1000; ++i)
    EXPECT_LT(one.below(7), 7U);
}

} // namespace
} // namespace deid::test
