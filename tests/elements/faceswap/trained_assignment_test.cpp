// A target that was trained for one person: who gets it, and when it is removed.
#include "tests/elements/faceswap/somebodies.hpp"
#include "tests/elements/faceswap/tracked_ids.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

using test::at;
using test::TrackedIds;
using Event = IdentityTracker::Event;

const Descriptor anna = at(10, .8), ben = at(11, .8);
const Candidate annas{at(0, .9), {}, anna};
const Candidate anybodys{at(1, .95), {}, {}};

/// An observation of Anna at this distance from the network's subject.
Descriptor anna_but(double away) {
  return at(10, .8, 12, away);
}

class TrainedAssignment : public testing::Test {
protected:
  Event look(TrackedIds& tracker, std::uint32_t id, const Descriptor& face) {
    const std::uint32_t ids[] = {id};
    tracker.frame(ids, options_);
    if (!tracker.wants(
            id, [] { return true; }, options_))
      return Event::none;
    return tracker.observe(id, {face, {}}, options_);
  }
  TrackingOptions options_{.careful = true};
};

TEST_F(TrainedAssignment, GoesToThePersonItWasTrainedForBeforeAllOthers) {
  TrackedIds tracker({anybodys, annas}, {});
  EXPECT_EQ(look(tracker, 1, anna_but(.3)), Event::chosen);
  EXPECT_EQ(tracker.assignment(1).target, 1U) << "the other one is farther, and still not hers";
  EXPECT_EQ(look(tracker, 2, ben), Event::chosen);
  EXPECT_EQ(tracker.assignment(2).target, 0U);
}

TEST_F(TrainedAssignment, NobodyElseIsGivenIt) {
  TrackedIds tracker({annas}, {});
  for (int i = 0; i < 10; ++i) {
    look(tracker, 1, ben);
    EXPECT_FALSE(tracker.assignment(1).target);
  }
  EXPECT_EQ(tracker.assignment(1).why, Reason::not_trained);
  const auto another = tracker->targets().trained_for_another(tracker.subject(1)->original);
  ASSERT_TRUE(another);
  EXPECT_NEAR(another->distance, std::sqrt(.8 * .8 * 2), 1e-6);
}

TEST_F(TrainedAssignment, BetweenSureAndSurelyNotItTakesThreeLooks) {
  TrackedIds tracker({annas}, {});
  EXPECT_EQ(look(tracker, 1, anna_but(.4)), Event::none);
  EXPECT_EQ(tracker.assignment(1).why, Reason::choosing);
  EXPECT_EQ(look(tracker, 1, anna_but(.55)), Event::none);
  EXPECT_EQ(look(tracker, 1, anna_but(.4)), Event::chosen) << "the median is below the limit";
  EXPECT_EQ(tracker.assignment(1).target, 0U);

  TrackedIds other({annas, anybodys}, {});
  EXPECT_EQ(look(other, 1, anna_but(.5)), Event::none) << "she may be Anna, badly seen";
  EXPECT_EQ(look(other, 1, anna_but(.45)), Event::none);
  EXPECT_EQ(look(other, 1, anna_but(.5)), Event::chosen);
  EXPECT_EQ(other.assignment(1).target, 1U);
}

TEST_F(TrainedAssignment, ARefusalByAHairIsTakenBackWhenFurtherLooksSaySo) {
  constexpr double hair = 1e-6;
  for (const double away : {trained_limit - hair, trained_limit + hair}) {
    TrackedIds tracker({annas}, {});
    for (int i = 0; i < 5; ++i)
      look(tracker, 1, anna_but(away));
    ASSERT_EQ(tracker.assignment(1).target.has_value(), away < trained_limit) << "the limit is elsewhere";
    for (int i = 0; i < 300; ++i)
      look(tracker, 1, anna_but(away));
    EXPECT_EQ(tracker.assignment(1).target.has_value(), away < trained_limit) << "goes to and fro";
    for (int i = 0; i < 200; ++i)
      look(tracker, 1, anna_but(.3));
    EXPECT_EQ(tracker.assignment(1).target, 0U) << away;
  }
}

TEST_F(TrainedAssignment, WhoIsRefusedGetsItByFewLooksLeast) {
  TrackedIds tracker({annas}, {});
  for (int i = 0; i < 10; ++i)
    look(tracker, 1, anna_but(.5));
  ASSERT_EQ(tracker.assignment(1).why, Reason::not_trained);
  for (int i = 0; i < 40; ++i) { // one observation in three is nearer than the limit
    for (int k = 0; k < 15; ++k)
      look(tracker, 1, anna_but(i % 3 == 0 ? .41 : .47));
    ASSERT_FALSE(tracker.assignment(1).target) << i;
  }
}

TEST_F(TrainedAssignment, ABadLookDoesNotDecideForLong) {
  TrackedIds tracker({annas}, {});
  const std::uint32_t ids[] = {1};
  int waited = 0;
  for (; waited < 200; ++waited) {
    tracker.frame(ids, options_);
    if (tracker.wants(
            1, [] { return false; }, options_))
      break;
  }
  EXPECT_EQ(waited, 50);
  EXPECT_EQ(look(tracker, 2, anna), Event::chosen) << "a sure one does at once";
}

TEST_F(TrainedAssignment, WithoutADescriptorNobodyIsGivenIt) {
  TrackedIds tracker({annas}, {});
  options_.describe = false;
  const std::uint32_t ids[] = {1};
  tracker.frame(ids, options_);
  tracker.observe(1, {}, options_);
  EXPECT_FALSE(tracker.assignment(1).target);
  TrackedIds odd({annas}, {});
  options_.describe = true;
  Descriptor nan{};
  nan.at(3) = std::numeric_limits<float>::quiet_NaN();
  for (int i = 0; i < 6; ++i)
    look(odd, 1, nan);
  EXPECT_FALSE(odd.assignment(1).target);
}

TEST_F(TrainedAssignment, ItIsTakenAwayWhenSomebodyElseComesUnderTheSameId) {
  TrackedIds tracker({annas}, {});
  look(tracker, 1, anna);
  ASSERT_TRUE(tracker.assignment(1).target);
  for (int i = 0; i < 40; ++i)
    look(tracker, 1, ben);
  EXPECT_FALSE(tracker.assignment(1).target);
  EXPECT_EQ(tracker.assignment(1).why, Reason::not_trained);
}

TEST_F(TrainedAssignment, SomebodyWhoLooksMuchLikeHerIsRefusedAndFoundOut) {
  const Descriptor sister = anna_but(.5);
  TrackedIds tracker({annas}, {});
  for (int i = 0; i < 10; ++i)
    look(tracker, 1, sister);
  EXPECT_EQ(tracker.assignment(1).why, Reason::not_trained);
  TrackedIds crossed({annas}, {});
  look(crossed, 1, anna);
  for (int i = 0; i < 50; ++i) // she has left, and facedetect gives her id to the sister
    look(crossed, 1, sister);
  EXPECT_FALSE(crossed.assignment(1).target);
}

TEST_F(TrainedAssignment, OneBadLookTakesNothingAway) {
  TrackedIds tracker({annas}, {});
  look(tracker, 1, anna);
  for (int i = 0; i < 300; ++i) {
    look(tracker, 1, i % 40 == 8 ? anna_but(.58) : anna_but(.3));
    ASSERT_TRUE(tracker.assignment(1).target) << i;
  }
}

TEST_F(TrainedAssignment, WhoDriftsAwayFromTheTrainingStepByStepLosesIt) {
  TrackedIds tracker({annas}, {});
  look(tracker, 1, anna);
  ASSERT_TRUE(tracker.assignment(1).target);
  // each observation is near the running original, which drifts to another person
  for (int i = 0; i < 900; ++i)
    look(tracker, 1, anna_but(std::min(.9, .001 * i)));
  EXPECT_FALSE(tracker.assignment(1).target);
}

TEST_F(TrainedAssignment, SheComesBackUnderAnotherId) {
  TrackedIds tracker({annas, anybodys}, {});
  look(tracker, 1, anna);
  for (int i = 0; i < 5; ++i)
    tracker.frame({}, options_);
  EXPECT_EQ(look(tracker, 9, anna_but(.2)), Event::recognised);
  EXPECT_EQ(tracker.assignment(9).target, 0U);
}

TEST_F(TrainedAssignment, ATargetThatIsThePersonIsRefusedHere) {
  TrackedIds tracker({{at(10, .5), {}, anna}}, {}); // .3 away
  for (int i = 0; i < 5; ++i)
    look(tracker, 1, anna);
  EXPECT_EQ(tracker.assignment(1).why, Reason::target_too_close);
}

} // namespace
} // namespace deid::faceswap
