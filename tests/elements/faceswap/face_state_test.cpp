#include "elements/faceswap/face_state.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

class FaceStatesTest : public testing::Test {
protected:
  /// One frame with these ids; every face passes the gate.
  void frame(const std::vector<std::uint32_t>& ids) {
    faces_.begin_frame(ids);
    for (const std::uint32_t id : ids)
      faces_.at_gate(id);
    faces_.end_frame();
  }
  void frames(int count, const std::vector<std::uint32_t>& ids) {
    for (int i = 0; i < count; ++i)
      frame(ids);
  }
  /// The state of face 1 in a further frame, after the gate.
  FaceState& again() {
    const std::uint32_t one = 1;
    faces_.begin_frame({&one, 1});
    return faces_.at_gate(1);
  }
  void SetUp() override {
    frame({1, 2});
    FaceState& state = again();
    state.gate.credit = 9;
    state.render.memory.since_look = 7;
    state.hands.frame(.3);
    faces_.end_frame();
  }
  FaceStates faces_{};
};

TEST_F(FaceStatesTest, AFaceThatStaysKeepsEverything) {
  const FaceState& state = again();
  EXPECT_EQ(state.gate.credit, 9);
  EXPECT_EQ(state.render.memory.since_look, 7);
  EXPECT_EQ(state.hands.share(), .3);
}

TEST_F(FaceStatesTest, OneFrameOfAbsenceEndsTheTrialOfHandsAlone) {
  frame({2});
  const FaceState& state = again();
  EXPECT_EQ(state.gate.credit, 9);
  EXPECT_EQ(state.hands.share(), 0);
}

TEST_F(FaceStatesTest, FiftyFramesOfAbsenceEndGateAndMemory) {
  frames(49, {2});
  EXPECT_EQ(again().gate.credit, 9);
  faces_.end_frame();
  frames(50, {2});
  const std::uint32_t one = 1;
  faces_.begin_frame({&one, 1});
  EXPECT_EQ(faces_.at(1).gate.credit, 9) << "what the look before the gate still goes by";
  const FaceState& state = faces_.at_gate(1);
  EXPECT_EQ(state.gate.credit, 0);
  EXPECT_EQ(state.render.memory.since_look, 0);
}

TEST_F(FaceStatesTest, AFaceThatIsGoneIsForgottenUnlessItsPersonIsKnown) {
  again().identity.subject = 5;
  faces_.end_frame();
  frames(60, {3});
  EXPECT_EQ(faces_.identities().size(), 2U) << "1 and 3";
  EXPECT_EQ(faces_.at(1).identity.subject, 5U);
  EXPECT_EQ(faces_.at(1).render.memory.since_look, 0) << "nothing else of an absent face is kept";
  EXPECT_THROW(faces_.at(2), std::out_of_range);
}

TEST_F(FaceStatesTest, AJumpForgetsAllButTheIdentities) {
  again().identity.subject = 5;
  faces_.flush(false);
  EXPECT_EQ(faces_.at(1).identity.subject, 5U);
  EXPECT_EQ(faces_.at(1).gate, GateState());
  EXPECT_EQ(faces_.at(1).render.memory.since_look, 0);
  EXPECT_EQ(faces_.at(1).hands.share(), 0);
  faces_.flush(true);
  EXPECT_TRUE(faces_.identities().empty());
}

} // namespace
} // namespace deid::faceswap
