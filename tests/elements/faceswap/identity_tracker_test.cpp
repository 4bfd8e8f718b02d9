#include "tests/elements/faceswap/somebodies.hpp"
#include "tests/elements/faceswap/tracked_ids.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

using test::at;
using test::TrackedIds;
using Event = IdentityTracker::Event;

// People are far from each other and from the targets; targets likewise.
const Descriptor anna = at(10, .8), ben = at(11, .8), cem = at(12, .8);
const std::vector<Candidate> three{{at(0, .9), {}}, {at(1, .8), {}}, {at(2, .7), {}}};

class IdentityTrackerTest : public testing::Test {
protected:
  /// One frame with these people under these ids; each face that needs an observation gets one.
  std::vector<Event> frame(TrackedIds& tracker,
                           const std::vector<std::pair<std::uint32_t, Descriptor>>& people,
                           bool sure = true) {
    std::vector<std::uint32_t> ids;
    for (const auto& [id, face] : people)
      ids.push_back(id);
    tracker.frame(ids, options_);
    std::vector<Event> events;
    for (const auto& [id, face] : people)
      if (tracker.wants(
              id, [sure] { return sure; }, options_)) {
        ++looks_;
        events.push_back(
            tracker.observe(id, options_.describe ? Observation{face, {}, sure} : Observation{}, options_));
      } else {
        events.push_back(Event::none);
      }
    return events;
  }
  static std::optional<std::size_t> target(TrackedIds& tracker, std::uint32_t id) {
    return tracker.assignment(id).target;
  }
  /// Runs frames until each person has a target.
  void settle(TrackedIds& tracker, const std::vector<std::pair<std::uint32_t, Descriptor>>& people) {
    for (int i = 0; i < 8; ++i)
      frame(tracker, people);
  }
  TrackingOptions options_{};
  int looks_ = 0;
};

TEST_F(IdentityTrackerTest, AClearChoiceIsMadeAtFirstSightAndStays) {
  TrackedIds tracker(three, {});
  EXPECT_EQ(tracker.assignment(1).why, Reason::choosing);
  EXPECT_EQ(frame(tracker, {{1, anna}}), std::vector{Event::chosen});
  const auto first = target(tracker, 1);
  EXPECT_EQ(first, 0U);
  for (int i = 0; i < 100; ++i) {
    frame(tracker, {{1, anna}});
    ASSERT_EQ(target(tracker, 1), first);
  }
  EXPECT_LE(looks_, 10) << "a look at the original every 15 frames";
}

TEST_F(IdentityTrackerTest, AChoiceThatIsNotClearTakesThreeLooks) {
  const std::vector<Candidate> near{{at(10, .8, 0, .7), {}}}; // .7 from anna
  TrackedIds tracker(near, {});
  EXPECT_EQ(frame(tracker, {{1, anna}}), std::vector{Event::none});
  EXPECT_EQ(tracker.assignment(1).why, Reason::choosing);
  EXPECT_EQ(frame(tracker, {{1, anna}}), std::vector{Event::none});
  EXPECT_EQ(frame(tracker, {{1, anna}}), std::vector{Event::chosen});
  EXPECT_EQ(target(tracker, 1), 0U);
}

TEST_F(IdentityTrackerTest, WithoutASureLookItWaitsButNotForEver) {
  TrackedIds tracker(three, {});
  int frames = 0;
  while (!target(tracker, 1)) {
    frame(tracker, {{1, anna}}, false);
    ASSERT_LT(++frames, 60);
  }
  EXPECT_GT(frames, 4);
}

TEST_F(IdentityTrackerTest, ATargetThatIsTooCloseIsRefusedWithTheFigure) {
  const std::vector<Candidate> near{{at(10, .5), {}}};
  for (const bool pick : {false, true}) {
    options_.rules.pick = pick;
    TrackedIds tracker(near, {});
    std::vector<Event> events;
    for (int i = 0; i < 3; ++i)
      events = frame(tracker, {{1, anna}});
    EXPECT_EQ(events, std::vector{Event::refused});
    EXPECT_EQ(tracker.assignment(1).why, Reason::target_too_close);
    EXPECT_NEAR(tracker.subject(1)->choice.distance, .3, 1e-6);
  }
}

TEST_F(IdentityTrackerTest, ARefusalByAHairIsTakenBackWhenFurtherLooksSaySo) {
  constexpr double hair = 1e-6;
  for (const int every : {15, 0}) {
    options_.every = every;
    for (const double away : {.6 - hair, .6 + hair}) {
      const std::vector<Candidate> near{{at(10, .8 - away), {}}};
      TrackedIds tracker(near, {});
      settle(tracker, {{1, anna}});
      ASSERT_EQ(target(tracker, 1).has_value(), away > .6) << "the limit is elsewhere";
      for (int i = 0; i < 100; ++i)
        frame(tracker, {{1, anna}});
      EXPECT_EQ(target(tracker, 1).has_value(), away > .6) << "the same figures must not go to and fro";
      std::vector<Event> events;
      for (int i = 0; i < 300; ++i)
        for (const Event event : frame(tracker, {{1, at(10, .85)}}))
          events.push_back(event);
      EXPECT_EQ(target(tracker, 1), 0U) << "the looks were .65 away for long: " << away;
      EXPECT_EQ(std::ranges::count(events, Event::chosen), away > .6 ? 0 : 1) << "nobody hears of it";
    }
  }
}

TEST_F(IdentityTrackerTest, WhoWasNotRecognisedByAHairIsRecognisedByFurtherLooks) {
  constexpr double hair = 1e-6;
  for (const double away : {.5 - hair, .5 + hair}) {
    TrackedIds tracker(three, {});
    settle(tracker, {{1, anna}, {2, ben}, {3, cem}});
    const auto annas = target(tracker, 1);
    for (int i = 0; i < 100; ++i)
      frame(tracker, {{2, ben}, {3, cem}});
    settle(tracker, {{2, ben}, {3, cem}, {9, at(10, .8, 13, away)}});
    EXPECT_EQ(target(tracker, 9).has_value(), away < .5) << "all targets are worn";
    for (int i = 0; i < 60; ++i)
      frame(tracker, {{2, ben}, {3, cem}, {9, anna}});
    EXPECT_EQ(target(tracker, 9), annas) << away;
  }
}

TEST_F(IdentityTrackerTest, ARelativeWithoutATargetIsNotTakenForThePersonWhoIsHere) {
  TrackedIds tracker({three.front(), three.back()}, {});
  const Descriptor sister = at(10, .8, 13, .44);
  settle(tracker, {{1, anna}, {2, ben}});
  for (int i = 0; i < 100; ++i) {
    frame(tracker, {{1, anna}, {2, ben}, {3, sister}});
    ASSERT_FALSE(target(tracker, 3)) << i;
  }
}

TEST_F(IdentityTrackerTest, TargetsAreNeverShared) {
  TrackedIds tracker(three, {});
  const std::vector<std::pair<std::uint32_t, Descriptor>> people{
      {1, anna}, {2, ben}, {3, cem}, {4, at(13, .8)}};
  settle(tracker, people);
  std::set<std::size_t> given;
  for (const std::uint32_t id : {1U, 2U, 3U})
    EXPECT_TRUE(given.insert(target(tracker, id).value()).second) << id;
  EXPECT_EQ(tracker.assignment(4).why, Reason::no_target);
}

TEST_F(IdentityTrackerTest, TheOnlyTargetGoesOnWhenItsWearerHasLeft) {
  TrackedIds tracker({three.front()}, {});
  settle(tracker, {{1, anna}, {2, ben}});
  ASSERT_EQ(target(tracker, 1), 0U);
  EXPECT_EQ(tracker.assignment(2).why, Reason::no_target);
  for (int i = 0; i < 120; ++i) {
    ASSERT_FALSE(target(tracker, 2) && i < 40) << "too early";
    frame(tracker, {{2, ben}});
  }
  EXPECT_EQ(target(tracker, 2), 0U);
  settle(tracker, {{2, ben}, {3, anna}});
  EXPECT_FALSE(target(tracker, 3)) << "shared";
  TrackedIds more(three, {});
  settle(more, {{1, anna}});
  for (int i = 0; i < 200; ++i)
    frame(more, {{2, ben}});
  EXPECT_NE(target(more, 2), 0U) << "of several, nobody gets another's";
}

TEST_F(IdentityTrackerTest, WhoComesBackUnderAnotherIdIsRecognised) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}, {2, ben}});
  const auto annas = target(tracker, 1), bens = target(tracker, 2);
  for (int i = 0; i < 200; ++i)
    frame(tracker, {});
  settle(tracker, {{7, ben}});
  EXPECT_EQ(target(tracker, 7), bens);
  settle(tracker, {{7, ben}, {9, anna}});
  EXPECT_EQ(target(tracker, 9), annas);
  EXPECT_TRUE(tracker.subject(9)->verifier.pending({})) << "shown again without a check";
}

TEST_F(IdentityTrackerTest, WhoIsFoundBesideTheOwnHeldRegionWaitsAndKeepsTheTarget) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}});
  const auto annas = target(tracker, 1);
  const std::vector<std::uint32_t> both{1, 2}, held{1};
  const auto sure = [] { return true; };
  for (int i = 0; i < 30; ++i) {
    tracker.frame(both, options_, held);
    if (tracker.wants(2, sure, options_))
      tracker.observe(2, {anna, {}}, options_);
    EXPECT_FALSE(target(tracker, 2)) << i;
  }
  settle(tracker, {{2, anna}});
  EXPECT_EQ(target(tracker, 2), annas);
  frame(tracker, {{1, ben}, {2, anna}});
  EXPECT_NE(target(tracker, 1), annas) << "two wear it";
}

TEST_F(IdentityTrackerTest, ASeekChangesNoTargetEvenWhenIdsBeginAnew) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}, {2, ben}});
  const auto annas = target(tracker, 1), bens = target(tracker, 2);
  tracker.flush(options_);
  EXPECT_FALSE(target(tracker, 1)) << "nobody has looked yet";
  settle(tracker, {{1, ben}, {2, anna}});
  EXPECT_EQ(target(tracker, 1), bens);
  EXPECT_EQ(target(tracker, 2), annas);
}

TEST_F(IdentityTrackerTest, IdsThatAreExchangedDoNotExchangeFaces) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}, {2, ben}});
  const auto annas = target(tracker, 1), bens = target(tracker, 2);
  for (int i = 0; i < 60; ++i) {
    frame(tracker, {{1, ben}, {2, anna}});
    if (i > 20) {
      EXPECT_NE(target(tracker, 1), annas) << i;
      EXPECT_NE(target(tracker, 2), bens) << i;
    }
  }
  EXPECT_EQ(target(tracker, 1), bens);
  EXPECT_EQ(target(tracker, 2), annas);
}

TEST_F(IdentityTrackerTest, OneOddLookAtAPersonIsForgiven) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}});
  int odd = 0;
  for (int i = 0; i < 60; ++i) {
    const bool now = odd == 0 && i > 10;
    const int before = looks_;
    frame(tracker, {{1, now ? cem : anna}});
    odd += now && looks_ > before ? 1 : 0;
    ASSERT_EQ(target(tracker, 1), 0U) << i;
  }
  EXPECT_EQ(odd, 1);
}

TEST_F(IdentityTrackerTest, LooksThatAreNotSureMakeNobodyElseOfAPersonUnlessTheyNeverEnd) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}});
  tracker.subject(1)->next_observation = 0; // due
  for (const bool sure : {true, false})
    EXPECT_EQ(frame(tracker, {{1, cem}}, sure), std::vector{Event::none});
  for (int i = 0; i < 60; ++i) {
    frame(tracker, {{1, anna}});
    ASSERT_EQ(target(tracker, 1), 0U) << i;
  }
  int frames = 0;
  for (; target(tracker, 1) == 0U && frames < 100; ++frames)
    frame(tracker, {{1, cem}}, false);
  EXPECT_LT(frames, 60);
}

TEST_F(IdentityTrackerTest, TwinsGetTwoTargets) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}});
  for (int i = 0; i < 20; ++i)
    frame(tracker, {{1, anna}, {2, anna}});
  ASSERT_TRUE(target(tracker, 1));
  ASSERT_TRUE(target(tracker, 2));
  EXPECT_NE(target(tracker, 1), target(tracker, 2));
}

TEST_F(IdentityTrackerTest, OfTwoEqualResultsTheTargetThatIsFartherFromThePersonIsWorthMore) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}});
  Subject& who = *tracker.subject(1);
  const auto worth = [&](std::size_t target, double result) {
    who.target = target;
    return tracker->worth_of(who, {result, {}});
  };
  EXPECT_GT(worth(0, .8), worth(2, .8));
  EXPECT_LT(worth(0, .7), worth(2, .8)) << "the result counts more";
}

TEST_F(IdentityTrackerTest, AnotherTargetIsNeverTheOneThatFailedNorAnothers) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}, {2, ben}});
  Subject& who = *tracker.subject(1);
  const auto bens = target(tracker, 2);
  std::set<std::size_t> worn{*who.target, *bens};
  ASSERT_TRUE(tracker->other_for(who, options_));
  ASSERT_TRUE(tracker->reassign(who, options_));
  EXPECT_TRUE(worn.insert(*who.target).second);
  EXPECT_FALSE(tracker->other_for(who, options_));
  EXPECT_FALSE(tracker->reassign(who, options_));
  EXPECT_EQ(target(tracker, 2), bens);
}

TEST_F(IdentityTrackerTest, AnUnwantedTargetIsNeverGivenAndTakenAwayAtOnce) {
  TrackedIds tracker(three, {});
  tracker.refuse(1, {0}, options_); // before the person is known
  settle(tracker, {{1, anna}});
  const auto second = target(tracker, 1);
  ASSERT_TRUE(second);
  EXPECT_NE(second, 0U) << "the best one";
  EXPECT_FALSE(tracker.refuse(1, {0}, options_)) << "nothing changes";
  EXPECT_TRUE(tracker.refuse(1, {0, *second}, options_));
  const auto third = target(tracker, 1);
  ASSERT_TRUE(third);
  EXPECT_TRUE(third != second && third != 0U);
  EXPECT_TRUE(tracker.refuse(1, {0, 1, 2}, options_));
  EXPECT_EQ(target(tracker, 1), std::nullopt) << "no target is left: the face is covered";
  settle(tracker, {{1, anna}});
  EXPECT_EQ(target(tracker, 1), std::nullopt);
}

TEST_F(IdentityTrackerTest, WhoWasShownForLongWithSeveralTargetsKeepsTheLast) {
  TrackedIds tracker(three, {});
  settle(tracker, {{1, anna}});
  Subject& who = *tracker.subject(1);
  const VerifyOptions options{.raise = false};
  const Verdict far{.9, {}}, close{.1, {}};
  ASSERT_EQ(who.verifier.judge(far, options, true), Act::show);
  for (int i = 0; i < 40; ++i)
    who.verifier.frame(true);
  ASSERT_EQ(who.verifier.judge(close, options, true), Act::reassign);
  ASSERT_TRUE(tracker->reassign(who, options_));
  EXPECT_TRUE(who.verifier.pending(options));
  ASSERT_EQ(who.verifier.judge(far, options, true), Act::show);
  for (int i = 0; i < 20; ++i)
    who.verifier.frame(true);
  EXPECT_EQ(who.verifier.judge(close, options, true), Act::cover);
}

TEST_F(IdentityTrackerTest, WithoutDescriptorsAPersonIsAnId) {
  options_ = {.describe = false, .every = 0, .rules = {.pick = false}};
  TrackedIds tracker({{{}, {}}, {{}, {}}}, {});
  frame(tracker, {{4, anna}, {5, ben}, {6, cem}});
  EXPECT_EQ(target(tracker, 4), 0U);
  EXPECT_EQ(target(tracker, 5), 1U);
  EXPECT_EQ(tracker.assignment(6).why, Reason::no_target);
  tracker.flush(options_);
  for (int i = 0; i < 300; ++i)
    frame(tracker, {});
  frame(tracker, {{5, ben}});
  EXPECT_EQ(target(tracker, 5), 1U);
}

TEST_F(IdentityTrackerTest, TheVerdictIsTheNearerOfTheRunningAndTheLatestOriginal) {
  TrackedIds tracker({{at(0, .9), {}}}, {at(10, 5)});
  settle(tracker, {{1, anna}});
  Subject& who = *tracker.subject(1);
  who.latest = at(10, 1);
  const Verdict verdict = tracker->verdict(at(10, 1.5), who);
  EXPECT_NEAR(verdict.distance, .5, 1e-6);
  EXPECT_EQ(verdict.rank.strangers, 1);
  EXPECT_EQ(verdict.rank.place, 1);
}

} // namespace
} // namespace deid::faceswap
