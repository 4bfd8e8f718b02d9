#include "elements/faceswap/ladder.hpp"
#include "tests/elements/cover/faces.hpp"
#include <gtest/gtest.h>
#include <limits>

namespace deid::faceswap {
namespace {

const cv::Size size(640, 480);
const cv::Rect2f place(200, 100, 100, 130);

FaceRegion turned(float yaw) {
  FaceRegion face = test::mesh_face(place);
  face.pose.yaw = yaw;
  return face;
}

class LadderTest : public testing::Test {
protected:
  float shown(const FaceRegion& face) { return ladder_.frame({&face, 1}, size, options_).at(0).shown; }
  Reason reason(const FaceRegion& face) {
    Ladder fresh(1);
    return fresh.frame({&face, 1}, size, options_).at(0).reason;
  }
  Ladder ladder_{1};
  LadderOptions options_{.max_angle = 45, .fade = 4};
};

TEST_F(LadderTest, ASureFaceIsSwappedFromItsFirstFrame) {
  EXPECT_EQ(shown(test::mesh_face(place)), 1);
  EXPECT_EQ(reason(test::mesh_face(place)), Reason::none);
}

TEST_F(LadderTest, EveryDoubtHasItsReason) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(reason(test::box_face(place)), Reason::no_landmarks);
  EXPECT_EQ(reason(turned(46)), Reason::turned);
  EXPECT_EQ(reason(turned(-46)), Reason::turned);
  EXPECT_EQ(reason(turned(nan)), Reason::turned);
  EXPECT_EQ(reason(turned(44)), Reason::none);
  FaceRegion face = test::mesh_face(place);
  face.pose.pitch = 60;
  EXPECT_EQ(reason(face), Reason::turned);
  for (const float bad : {0.3F, nan}) {
    face = test::mesh_face(place);
    face.score = bad;
    EXPECT_EQ(reason(face), Reason::unsure);
  }
  for (const float bad : {nan, std::numeric_limits<float>::infinity(), 1e9F}) {
    face = test::mesh_face(place);
    face.landmarks[7].z = bad;
    EXPECT_EQ(reason(face), Reason::no_landmarks);
  }
  face = test::mesh_face(place);
  face.origin = Origin::held;
  EXPECT_EQ(reason(face), Reason::no_landmarks);
  EXPECT_EQ(reason(test::mesh_face({-70, 100, 100, 130})), Reason::cut);
  EXPECT_EQ(reason(test::mesh_face({300, 100, 8, 12})), Reason::small);
}

TEST_F(LadderTest, FacesThatLieOnEachOtherAreBlurred) {
  const std::vector<FaceRegion> two{test::mesh_face(place, 0, 1),
                                    test::mesh_face(place + cv::Point2f(50, 0), 0, 2)};
  for (const auto& step : ladder_.frame(two, size, options_)) {
    EXPECT_EQ(step.reason, Reason::close);
    EXPECT_EQ(step.shown, 0);
  }
  const std::vector<FaceRegion> apart{test::mesh_face(place, 0, 1),
                                      test::mesh_face(place + cv::Point2f(150, 0), 0, 2)};
  Ladder fresh(1);
  for (const auto& step : fresh.frame(apart, size, options_))
    EXPECT_EQ(step.shown, 1);
}

TEST_F(LadderTest, AHeadThatTurnsFadesAndComesBackOnlyWhenItIsSure) {
  EXPECT_EQ(shown(turned(40)), 1);
  EXPECT_EQ(shown(turned(49)), 1) << "no hysteresis";
  for (const float want : {0.75F, 0.5F, 0.25F, 0.F, 0.F})
    EXPECT_FLOAT_EQ(shown(turned(60)), want);
  EXPECT_EQ(shown(turned(49)), 0) << "the way back has the narrower limit";
  EXPECT_EQ(shown(turned(40)), 0);
  EXPECT_EQ(shown(turned(40)), 0);
  for (const float want : {0.25F, 0.5F, 0.75F, 1.F, 1.F})
    EXPECT_FLOAT_EQ(shown(turned(40)), want);
}

TEST_F(LadderTest, AFewFramesWithoutLandmarksGoOnWithTheLastOnes) {
  ladder_.frame(std::vector{test::mesh_face(place)}, size, options_);
  for (int i = 0; i < 5; ++i) {
    const FaceRegion lost = test::box_face(place + cv::Point2f(static_cast<float>(i), 0));
    const auto step = ladder_.frame({&lost, 1}, size, options_).at(0);
    EXPECT_TRUE(step.coasting);
    EXPECT_EQ(step.shown, 1) << i;
    EXPECT_NEAR(step.person->landmarks.at(10).x, 250 + i, 0.01) << "does not go with the box";
  }
  EXPECT_FLOAT_EQ(shown(test::box_face(place)), 0.75F);
  EXPECT_FLOAT_EQ(shown(test::box_face(place)), 0.5F);
}

TEST_F(LadderTest, WhoWasNeverSeenIsNotDrawn) {
  const FaceRegion lost = test::box_face(place);
  const auto step = ladder_.frame({&lost, 1}, size, options_).at(0);
  EXPECT_FALSE(step.coasting);
  EXPECT_EQ(step.shown, 0);
}

TEST_F(LadderTest, WhatCannotBeDrawnIsGoneAtOnce) {
  EXPECT_EQ(shown(test::mesh_face(place)), 1);
  EXPECT_EQ(shown(test::mesh_face({-70, 100, 100, 130})), 0);
}

TEST_F(LadderTest, TargetsAreNeverShared) {
  Ladder two(2);
  const std::vector<FaceRegion> people{
      test::box_face({10, 10, 60, 80}, 9), test::mesh_face({100, 100, 60, 80}, 0, 4),
      test::mesh_face({200, 100, 60, 80}, 0, 5), test::mesh_face({300, 100, 60, 80}, 0, 6)};
  for (int i = 0; i < 3; ++i) {
    const auto steps = two.frame(people, size, options_);
    EXPECT_EQ(steps.at(1).person->target, 0U);
    EXPECT_EQ(steps.at(2).person->target, 1U);
    EXPECT_EQ(steps.at(3).reason, Reason::no_target);
    EXPECT_EQ(steps.at(3).shown, 0);
  }
  const std::vector<FaceRegion> crossed{people[2], people[1]};
  const auto steps = two.frame(crossed, size, options_);
  EXPECT_EQ(steps.at(0).person->target, 1U) << "exchanged";
  EXPECT_EQ(steps.at(1).person->target, 0U) << "exchanged";
}

TEST_F(LadderTest, OneTargetServesEverybody) {
  const std::vector<FaceRegion> people{test::mesh_face({100, 100, 60, 80}, 0, 4),
                                       test::mesh_face({200, 100, 60, 80}, 0, 5)};
  for (const auto& step : ladder_.frame(people, size, options_))
    EXPECT_EQ(step.shown, 1);
}

TEST_F(LadderTest, AfterAFlushEverybodyIsNewButKeepsTheTarget) {
  Ladder two(2);
  const std::vector<FaceRegion> people{test::mesh_face({100, 100, 60, 80}, 0, 4),
                                       test::mesh_face({200, 100, 60, 80}, 0, 5)};
  two.frame(people, size, options_);
  two.flush();
  const FaceRegion second = people[1];
  EXPECT_EQ(two.frame({&second, 1}, size, options_).at(0).person->target, 1U);
  const FaceRegion lost = test::box_face(place, 4);
  EXPECT_EQ(two.frame({&lost, 1}, size, options_).at(0).shown, 0);
}

} // namespace
} // namespace deid::faceswap
