#include "elements/faceswap/choice/swap_gate.hpp"
#include "tests/elements/cover/faces.hpp"
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <map>

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

/// The states of some faces, and the gate that they pass.
class Gates {
public:
  explicit Gates(const SwapGateOptions& options) : options_(options) {}
  std::vector<SwapGate::Step> frame(std::span<const FaceRegion> faces, const Assignment& assignment = role) {
    std::vector<SwapGate::Step> steps;
    for (const FaceRegion& face : faces) {
      auto& [state, landmarks] = states_[face.id];
      steps.push_back(SwapGate::frame(face, faces, size, assignment, options_, state, landmarks));
    }
    return steps;
  }
  SwapGate::Step frame(const FaceRegion& face, const Assignment& assignment = role) {
    return frame({&face, 1}, assignment).at(0);
  }
  GateState& state(std::uint32_t id = 1) { return states_[id].first; }
  const std::vector<cv::Point3f>& landmarks(std::uint32_t id = 1) { return states_[id].second.points; }
  void flush() { states_.clear(); }

private:
  SwapGateOptions options_;
  std::map<std::uint32_t, std::pair<GateState, FaceLandmarks>> states_{};
};

class SwapGateTest : public testing::Test {
protected:
  SwapGate::Step step(const FaceRegion& face, const Assignment& assignment = role) {
    return gates_.frame(face, assignment);
  }
  float blend_weight(const FaceRegion& face) { return step(face).blend_weight; }
  Reason reason(const FaceRegion& face) { return Gates(options_).frame(face).reason; }
  SwapGateOptions options_{.max_angle = 45, .fade = 4};
  Gates gates_{options_};
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
  face = test::mesh_face({-20, 100, 100, 130});
  face.box.x -= 30;
  EXPECT_EQ(reason(face), Reason::cut) << "the region tells of a cut before the mesh does";
  face = test::mesh_face(place);
  face.box = {-300, -300, 1500, 1500};
  EXPECT_EQ(reason(face), Reason::none) << "a region that covers more than a face that is whole in the frame";
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
  gates_.flush();
  EXPECT_EQ(step(face).reason, Reason::unsure) << "after a seek it is somebody else";
}

TEST_F(SwapGateTest, OneFrameInWhichTheMeshWasJustSureDoesNotDecideForLong) {
  constexpr float hair = 1e-6F;
  const auto frames_shown = [&](float first, int sure_frames, int frames) {
    Gates fresh(options_);
    FaceRegion face = test::mesh_face(place);
    int shown = 0;
    for (int i = 0; i < frames; ++i) {
      face.score = i < sure_frames ? first : .9F;
      shown += fresh.frame(face).blend_weight > 0 ? 1 : 0;
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
  for (const auto& step : gates_.frame(two)) {
    EXPECT_EQ(step.reason, Reason::close);
    EXPECT_EQ(step.blend_weight, 0);
  }
  const std::vector<FaceRegion> apart{test::mesh_face(place, 0, 1),
                                      test::mesh_face(place + cv::Point2f(150, 0), 0, 2)};
  Gates fresh(options_);
  for (const auto& step : fresh.frame(apart))
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
    EXPECT_TRUE(now.extrapolated());
    EXPECT_EQ(now.blend_weight, 1) << i;
    EXPECT_NEAR(gates_.landmarks().at(10).x, 250 + i, 0.01) << "does not go with the box";
  }
  EXPECT_FLOAT_EQ(blend_weight(test::box_face(place)), 0.75F);
  EXPECT_FLOAT_EQ(blend_weight(test::box_face(place)), 0.5F);
}

TEST_F(SwapGateTest, WhoWasNeverSeenIsNotDrawn) {
  const auto now = step(test::box_face(place));
  EXPECT_FALSE(now.extrapolated());
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
    Gates fresh(options_);
    const std::vector<FaceRegion> two{test::mesh_face(place, 0, 1), other};
    return fresh.frame(two).front().reason;
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
  EXPECT_EQ(extrapolated.blend_weight, 0) << "the last landmarks went on with a target that is gone";
  EXPECT_EQ(extrapolated.reason, Reason::result_too_close);
}

TEST_F(SwapGateTest, WhoWasCoveredInsteadOfTheFirstSwapStillHasTheEntranceToCome) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  gates_.state() = SwapGate::covered(gates_.state());
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
}

TEST_F(SwapGateTest, WhatWasCoveredInsteadComesBackAsFromTheBlur) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  gates_.state() = SwapGate::covered(gates_.state());
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 0);
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 0);
  EXPECT_FLOAT_EQ(blend_weight(test::mesh_face(place)), 0.25F);
}

TEST_F(SwapGateTest, AfterAFlushEverybodyIsNew) {
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
  gates_.flush();
  EXPECT_EQ(blend_weight(test::box_face(place)), 0);
  gates_.flush();
  EXPECT_EQ(blend_weight(test::mesh_face(place)), 1);
}

/// One frame of one face: the judgement and the outcome.
struct Row {
  const char* what;
  GateState before;
  SwapGate::Input input;
  SwapGate::Step step;
  GateState after;
};

TEST(SwapGateStep, FollowsFromItsArgumentsAlone) {
  const SwapGateOptions options{.max_angle = 45, .fade = 4};
  const Assignment target{0, Reason::none}, choosing{{}, Reason::choosing};
  const auto seen = [](Reason reason, const Assignment& assignment, bool mesh = true, float score = .96F) {
    return SwapGate::Input{reason, assignment, mesh, score, true};
  };
  const GateState fresh, open{.credit = 250, .swapped = true, .swapped_before = true, .blend_weight = 1};
  const GateState shut{.credit = 250, .swapped_before = true, .blend_weight = 0};
  const auto with = [](GateState state, const std::function<void(GateState&)>& change) {
    change(state);
    return state;
  };
  const LandmarkSource own = LandmarkSource::frame, old = LandmarkSource::extrapolated;
  const std::vector<Row> rows{
      {"a new face that can be swapped",
       fresh,
       seen(Reason::none, target),
       {Reason::none, 1, own},
       {250, true, true, true, 1, 1, 1, 0}},
      {"a new face without a target",
       fresh,
       seen(Reason::none, choosing),
       {Reason::choosing, 0, LandmarkSource::none},
       {250, false, false, false, 1, 0, 0, 0}},
      {"a face that turns away fades",
       open,
       seen(Reason::turned, target),
       {Reason::turned, .75F, own},
       {500, false, true, false, 0, .75F, 0, 0}},
      {"a face without landmarks goes on",
       open,
       seen(Reason::no_landmarks, target, false),
       {Reason::no_landmarks, 1, old},
       {250, true, true, false, 0, 1, 0, 1}},
      {"the sixth frame without landmarks fades",
       with(open, [](GateState& s) { s.extrapolated = 5; }),
       seen(Reason::no_landmarks, target, false),
       {Reason::no_landmarks, .75F, old},
       {250, false, true, false, 0, .75F, 0, 6}},
      {"a face that is cut is covered at once",
       open,
       seen(Reason::cut, target, true, .5F),
       {Reason::cut, 0, LandmarkSource::none},
       {249, false, true, false, 0, 0, 0, 0}},
      {"a target that is lost is covered at once, even without landmarks",
       open,
       seen(Reason::no_landmarks, choosing, false),
       {Reason::choosing, 0, LandmarkSource::none},
       {250, false, true, false, 0, 0, 0, 0}},
      {"a closed gate waits for three good frames",
       with(shut, [](GateState& s) { s.good = 1; }),
       seen(Reason::none, target),
       {Reason::none, 0, own},
       {500, false, true, false, 0, 0, 2, 0}},
      {"and then fades in",
       with(shut, [](GateState& s) { s.good = 2; }),
       seen(Reason::none, target),
       {Reason::none, .25F, own},
       {500, true, true, false, 0, .25F, 3, 0}},
      {"credit has a limit",
       with(open, [](GateState& s) { s.credit = 14900; }),
       seen(Reason::none, target),
       {Reason::none, 1, own},
       {15000, true, true, false, 0, 1, 1, 0}},
  };
  for (const Row& row : rows) {
    const auto [state, step] = SwapGate::step(row.before, row.input, options);
    EXPECT_EQ(step, row.step) << row.what << ": " << to_string(step.reason) << ", " << step.blend_weight;
    EXPECT_EQ(state, row.after) << row.what << ": credit " << state.credit << ", good " << state.good;
  }
}

TEST(SwapGateStep, AnOpenGateAllowsMore) {
  const SwapGateOptions options{.max_angle = 30};
  EXPECT_EQ(SwapGate::limits({}, options).max_angle, 30);
  EXPECT_EQ(SwapGate::limits({.swapped = true}, options).max_angle, 36);
  EXPECT_EQ(SwapGate::limits({}, options).least_score, score_to_begin);
  EXPECT_EQ(SwapGate::limits({.credit = 1}, options).least_score, score_to_go_on);
}

} // namespace
} // namespace deid::faceswap
