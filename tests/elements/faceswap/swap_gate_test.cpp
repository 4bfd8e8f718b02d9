#include "elements/faceswap/choice/swap_gate.hpp"
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

const Assignment role{0, Reason::none};

/// Everybody has a target.
std::vector<Assignment> roles(std::size_t count) {
  return std::vector<Assignment>(count, role);
}

class SwapGateTest : public testing::Test {
protected:
  SwapGate::Step step(const FaceRegion& face, const Assignment& part = role) {
    return gate_.frame({&face, 1}, {&part, 1}, size, options_).at(0);
  }
  float blend_weight(const FaceRegion& face) { return step(face).blend_weight; }
  Reason reason(const FaceRegion& face) {
    SwapGate fresh;
    return fresh.frame({&face, 1}, {&role, 1}, size, options_).at(0).reason;
  }
  SwapGate gate_{};
  SwapGateOptions options_{.max_angle = 45, .fade = 4};
};

TEST_F(SwapGateTest, ASureFaceIsSwappedFromItsFirstFrame) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  EXPECT_EQ(reason(test::mesh_face(place)), Reason::none);
}

TEST_F(SwapGateTest, EveryDoubtHasItsReason) {
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

TEST_F(SwapGateTest, WhatTheMeshNeverWasSureOfIsNotSwapped) {
  FaceRegion face = test::mesh_face(place);
  face.score = .94F; // a print on a shirt reaches that in some frames
  EXPECT_EQ(reason(face), Reason::unsure);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(blend_weight(face), 0) << i;
  face.score = .95F;
  step(face);
  face.score = .6F;
  EXPECT_EQ(step(face).reason, Reason::none) << "somebody who was sure once is let go in the dark";
  gate_.flush();
  EXPECT_EQ(step(face).reason, Reason::unsure) << "after a seek it is somebody else";
}

TEST_F(SwapGateTest, OneFrameInWhichTheMeshWasJustSureDoesNotDecideForLong) {
  constexpr float hair = 1e-6F;
  const auto frames_shown = [&](float first, int sure_frames, int frames) {
    SwapGate fresh;
    FaceRegion face = test::mesh_face(place);
    int shown = 0;
    for (int i = 0; i < frames; ++i) {
      face.score = i < sure_frames ? first : .9F;
      shown += fresh.frame({&face, 1}, {&role, 1}, size, options_).at(0).blend_weight > 0 ? 1 : 0;
    }
    return shown;
  };
  EXPECT_EQ(frames_shown(.95F - hair, 1, 2000), 0);
  const int once = frames_shown(.95F + hair, 1, 2000);
  EXPECT_GT(once, 100) << "somebody who was sure once is let go in the dark";
  EXPECT_LT(once, 500);
  EXPECT_EQ(frames_shown(.95F + hair, 30, 5000), 5000) << "who was sure for a second";
}

TEST_F(SwapGateTest, WhatIsNotSeenTakesNoCredit) {
  step(test::mesh_face(place));
  for (int i = 0; i < 2000; ++i)
    step(test::box_face(place));
  FaceRegion face = test::mesh_face(place);
  face.score = .6F;
  EXPECT_EQ(step(face).reason, Reason::none);
}

TEST_F(SwapGateTest, FacesThatLieOnEachOtherAreBlurred) {
  const std::vector<FaceRegion> two{test::mesh_face(place, 0, 1),
                                    test::mesh_face(place + cv::Point2f(50, 0), 0, 2)};
  for (const auto& step : gate_.frame(two, roles(2), size, options_)) {
    EXPECT_EQ(step.reason, Reason::close);
    EXPECT_EQ(step.blend_weight, 0);
  }
  const std::vector<FaceRegion> apart{test::mesh_face(place, 0, 1),
                                      test::mesh_face(place + cv::Point2f(150, 0), 0, 2)};
  SwapGate fresh;
  for (const auto& step : fresh.frame(apart, roles(2), size, options_))
    EXPECT_EQ(step.blend_weight, 1);
}

TEST_F(SwapGateTest, AHeadThatTurnsFadesAndComesBackOnlyWhenItIsSure) {
  EXPECT_EQ(blend_weight(turned(40)), 1);
  EXPECT_EQ(blend_weight(turned(49)), 1) << "no hysteresis";
  for (const float want : {0.75F, 0.5F, 0.25F, 0.F, 0.F})
    EXPECT_FLOAT_EQ(blend_weight(turned(60)), want);
  EXPECT_EQ(blend_weight(turned(49)), 0) << "the way back has the narrower limit";
  EXPECT_EQ(blend_weight(turned(40)), 0);
  EXPECT_EQ(blend_weight(turned(40)), 0);
  for (const float want : {0.25F, 0.5F, 0.75F, 1.F, 1.F})
    EXPECT_FLOAT_EQ(blend_weight(turned(40)), want);
}

TEST_F(SwapGateTest, AFewFramesWithoutLandmarksGoOnWithTheLastOnes) {
  step(test::mesh_face(place));
  for (int i = 0; i < 5; ++i) {
    const FaceRegion lost = test::box_face(place + cv::Point2f(static_cast<float>(i), 0));
    const auto now = step(lost);
    EXPECT_TRUE(now.extrapolated);
    EXPECT_EQ(now.blend_weight, 1) << i;
    EXPECT_NEAR(now.person->landmarks.at(10).x, 250 + i, 0.01) << "does not go with the box";
  }
  EXPECT_FLOAT_EQ(blend_weight(test::box_face(place)), 0.75F);
  EXPECT_FLOAT_EQ(blend_weight(test::box_face(place)), 0.5F);
}

TEST_F(SwapGateTest, WhoWasNeverSeenIsNotDrawn) {
  const auto now = step(test::box_face(place));
  EXPECT_FALSE(now.extrapolated);
  EXPECT_EQ(now.blend_weight, 0);
}

TEST_F(SwapGateTest, WhatCannotBeDrawnIsGoneAtOnce) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  EXPECT_EQ(blend_weight(test::mesh_face({-70, 100, 100, 130})), 0);
}

TEST_F(SwapGateTest, WhoHasNoPartIsNotDrawnAndTheReasonIsTold) {
  const Assignment none{{}, Reason::choosing};
  EXPECT_EQ(step(test::mesh_face(place), none).blend_weight, 0);
  EXPECT_EQ(step(test::mesh_face(place), none).reason, Reason::choosing);
  EXPECT_EQ(step(test::box_face(place), none).reason, Reason::no_landmarks);
  EXPECT_FLOAT_EQ(blend_weight(test::mesh_face(place)), 1.F) << "the first time it waits for nothing";
}

TEST_F(SwapGateTest, WhoWasCoveredForLongFadesInWithoutWaiting) {
  const Assignment none{{}, Reason::choosing};
  for (int i = 0; i < 12; ++i)
    step(test::mesh_face(place), none);
  EXPECT_FLOAT_EQ(blend_weight(test::mesh_face(place)), 0.25F);
  EXPECT_FLOAT_EQ(blend_weight(test::mesh_face(place)), 0.5F);
}

TEST_F(SwapGateTest, OnlyAFaceThatMayBeMixedUpWithItLiesOnIt) {
  const auto beside = [&](const FaceRegion& other) {
    SwapGate fresh;
    const std::vector<FaceRegion> two{test::mesh_face(place, 0, 1), other};
    return fresh.frame(two, roles(2), size, options_).front().reason;
  };
  FaceRegion other = test::box_face(place + cv::Point2f(50, 0));
  other.id = 2;
  EXPECT_EQ(beside(other), Reason::close) << "of the same size, features unknown";
  other.box = {100, 80, 400, 400};
  EXPECT_EQ(beside(other), Reason::none) << "a region that shows no features and is far larger";
  other = test::mesh_face({100, 80, 400, 400}, 0, 2);
  EXPECT_EQ(beside(other), Reason::close) << "a mesh, larger or not";
  other.score = .3F;
  EXPECT_EQ(beside(other), Reason::none) << "a mesh that does not believe in its face";
}

TEST_F(SwapGateTest, APartThatIsTakenAwayIsGoneAtOnce) {
  const Assignment gone{{}, Reason::result_too_close};
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  EXPECT_EQ(step(test::mesh_face(place), gone).blend_weight, 0);
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 0) << "came back without three sure frames";
  step(test::mesh_face(place));
  EXPECT_FLOAT_EQ(blend_weight(test::mesh_face(place)), 0.25F);
  const auto extrapolated = step(test::box_face(place), gone);
  EXPECT_EQ(extrapolated.blend_weight, 0) << "the last landmarks went on with a part that is gone";
  EXPECT_EQ(extrapolated.reason, Reason::result_too_close);
}

TEST_F(SwapGateTest, WhoWasCoveredInsteadOfTheFirstSwapStillHasTheEntranceToCome) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  gate_.cover(1);
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
}

TEST_F(SwapGateTest, WhatWasCoveredInsteadComesBackAsFromTheBlur) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  gate_.cover(1);
  gate_.cover(77); // nobody
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 0);
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 0);
  EXPECT_FLOAT_EQ(blend_weight(test::mesh_face(place)), 0.25F);
}

TEST_F(SwapGateTest, WhatWasLearnedOfSomebodyIsNotForWhoeverHasTheIdNext) {
  step(test::mesh_face(place)).person->memory.since_look = 7;
  EXPECT_EQ(step(test::mesh_face(place)).person->memory.since_look, 7);
  gate_.forget(1);
  gate_.forget(77); // nobody
  EXPECT_EQ(step(test::mesh_face(place)).person->memory.since_look, 0);
}

TEST_F(SwapGateTest, EveryFaceNeedsAPart) {
  const FaceRegion face = test::mesh_face(place);
  EXPECT_THROW(gate_.frame({&face, 1}, {}, size, options_), std::invalid_argument);
}

TEST_F(SwapGateTest, AfterAFlushEverybodyIsNew) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  gate_.flush();
  EXPECT_EQ(blend_weight(test::box_face(place)), 0);
  gate_.flush();
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
}

} // namespace
} // namespace deid::faceswap
