#include "elements/faceswap/choice/verify.hpp"
#include <gtest/gtest.h>
#include <limits>

namespace deid::faceswap {
namespace {

Verdict found(double distance, Rank rank = {}) {
  return {distance, rank, {}};
}

/// A result that dlib finds far away, and that the second judge finds this far.
Verdict second(double distance, Rank rank = {}) {
  return {.9, {5, 20}, Opinion{distance, rank}};
}

/// Frames that pass until the blur is lifted.
int held(Verifier& verifier) {
  int frames = 0;
  for (; verifier.suspended(); ++frames)
    verifier.frame(false);
  return frames;
}

TEST(Verifier, TheFirstResultIsAlwaysJudgedAndThenEveryNth) {
  Verifier verifier;
  const VerifyOptions options{.every = 3};
  EXPECT_TRUE(verifier.due(options));
  EXPECT_TRUE(verifier.pending(options));
  EXPECT_EQ(verifier.judge(found(.7), options, true), Act::show);
  std::vector<bool> due;
  for (int i = 0; i < 4; ++i) {
    verifier.frame(true);
    due.push_back(verifier.due(options));
  }
  EXPECT_EQ(due, (std::vector<bool>{false, false, true, true}));
  verifier.frame(false);
  EXPECT_FALSE(verifier.pending(options)) << "a late check is no doubt";
  verifier.invalidate();
  EXPECT_TRUE(verifier.pending(options));
}

TEST(Verifier, ACheckThatWaitsForTooLongStopsEverything) {
  Verifier verifier;
  const VerifyOptions options{.every = 3};
  ASSERT_EQ(verifier.judge(found(.9), options, true), Act::show);
  int frames = 0;
  for (; !verifier.overdue(options); ++frames)
    verifier.frame(true);
  EXPECT_EQ(frames, 6);
  EXPECT_FALSE(verifier.overdue({.every = 0}));
  ASSERT_EQ(verifier.judge(found(.9), options, true), Act::show);
  EXPECT_FALSE(verifier.overdue(options));
}

TEST(Verifier, WhatIsNearTheLimitIsCheckedSooner) {
  const VerifyOptions options{.raise = false};
  const auto frames = [&](double distance) {
    Verifier verifier;
    EXPECT_EQ(verifier.judge(found(distance), options, true), Act::show);
    int count = 0;
    for (; !verifier.due(options); ++count)
      verifier.frame(true);
    return count;
  };
  EXPECT_EQ(frames(.8), 15);
  EXPECT_EQ(frames(.74), 5);
  EXPECT_EQ(frames(.69), 3);
}

TEST(Verifier, OffMeansOff) {
  Verifier verifier;
  EXPECT_FALSE(verifier.due({.every = 0}));
  EXPECT_FALSE(verifier.pending({.every = 0}));
}

TEST(Verifier, EscalatesGeometryThenTargetThenBlur) {
  Verifier verifier;
  const VerifyOptions options{};
  for (const float want : {.25F, .5F, .75F, 1.F}) {
    EXPECT_EQ(verifier.judge(found(.5), options, true), Act::raise);
    EXPECT_FLOAT_EQ(verifier.geometry(options), want);
    EXPECT_TRUE(verifier.pending(options));
  }
  EXPECT_EQ(verifier.judge(found(.5), options, true), Act::reassign);
  EXPECT_EQ(verifier.judge(found(.5), options, false), Act::cover) << "there is no other target";
  EXPECT_TRUE(verifier.suspended());
}

TEST(Verifier, WhatPassesByLittleGetsMoreGeometryInSmallSteps) {
  Verifier verifier;
  const VerifyOptions options{};
  EXPECT_EQ(verifier.judge(found(.61), options, true), Act::show);
  EXPECT_FLOAT_EQ(verifier.geometry(options), 0) << "not in the frame that was judged";
  float last = 0;
  int frames = 0;
  for (; !verifier.due(options); ++frames) {
    verifier.frame(true);
    EXPECT_LE(verifier.geometry(options), last + .051F);
    last = verifier.geometry(options);
  }
  EXPECT_FLOAT_EQ(last, .15F);
  EXPECT_LT(frames, options.every) << "checked again on the way";
  EXPECT_FALSE(verifier.pending(options));
  EXPECT_EQ(verifier.judge(found(.72), options, true), Act::show);
  for (int i = 0; i < 10; ++i)
    verifier.frame(true);
  EXPECT_FLOAT_EQ(verifier.geometry(options), .25F) << "far enough now; it is not taken back";
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(verifier.judge(found(.61), options, true), Act::show);
    for (int k = 0; k < 15; ++k)
      verifier.frame(true);
  }
  EXPECT_FLOAT_EQ(verifier.geometry(options), .5F) << "the rest of the way is for what is too close";
  EXPECT_EQ(verifier.judge(found(.59), options, true), Act::raise);
  EXPECT_FLOAT_EQ(verifier.geometry(options), .75F);
}

/// As many checks, each with the frames to the next.
void checks(Verifier& verifier, double distance, int count, const VerifyOptions& options = {}) {
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(verifier.judge(found(distance), options, false), Act::show);
    do
      verifier.frame(true);
    while (!verifier.due(options));
  }
}

TEST(Verifier, GeometryThatOneResultRaisedGoesBackWhenManyPassByPlenty) {
  const VerifyOptions options{};
  Verifier verifier;
  checks(verifier, .9, 1);
  ASSERT_EQ(verifier.judge(found(.59), options, false), Act::raise);
  ASSERT_EQ(verifier.judge(found(.59), options, false), Act::raise);
  checks(verifier, .74, 40);
  EXPECT_FLOAT_EQ(verifier.geometry(options), .5F) << "may be needed";
  float last = verifier.geometry(options);
  for (int i = 0; i < 60; ++i) {
    checks(verifier, .76, 1);
    EXPECT_GE(verifier.geometry(options), last - .051F) << "in steps that are not seen";
    last = verifier.geometry(options);
  }
  EXPECT_FLOAT_EQ(last, 0);
  EXPECT_FLOAT_EQ(verifier.geometry({.geometry = .25F}), .25F) << "never below what is set";
}

TEST(Verifier, OneResultThatPassesByLessStopsTheWayBack) {
  Verifier verifier;
  const VerifyOptions options{};
  ASSERT_EQ(verifier.judge(found(.59), options, false), Act::raise);
  for (int i = 0; i < 20; ++i) {
    checks(verifier, .9, 3);
    checks(verifier, .74, 1);
  }
  EXPECT_FLOAT_EQ(verifier.geometry(options), .25F);
}

TEST(Verifier, AHairOnEitherSideOfTheLimitMakesNoDifferenceThatLasts) {
  constexpr double hair = 1e-9;
  const VerifyOptions options{};
  std::vector<Verifier> worlds(2);
  ASSERT_EQ(worlds[0].judge(found(.6 - hair), options, false), Act::raise);
  ASSERT_EQ(worlds[1].judge(found(.6 + hair), options, false), Act::show);
  for (Verifier& verifier : worlds) {
    checks(verifier, .9, 40);
    EXPECT_FLOAT_EQ(verifier.geometry(options), 0);
    EXPECT_FALSE(verifier.suspended() || verifier.pending(options));
  }
  const VerifyOptions fixed{.raise = false};
  ASSERT_EQ(worlds[0].judge(found(.6 - hair), fixed, false), Act::cover);
  EXPECT_LE(held(worlds[0]), 15) << "an old failure makes the next one no longer";
}

TEST(Verifier, GeometryStaysWhereItIsSet) {
  Verifier verifier;
  const VerifyOptions fixed{.geometry = .5F, .raise = false};
  EXPECT_FLOAT_EQ(verifier.geometry(fixed), .5F);
  EXPECT_EQ(verifier.judge(found(.61), fixed, false), Act::show);
  verifier.frame(true);
  EXPECT_FLOAT_EQ(verifier.geometry(fixed), .5F);
  EXPECT_EQ(verifier.judge(found(.5), fixed, false), Act::cover);
  EXPECT_FLOAT_EQ(verifier.geometry(fixed), .5F);
}

TEST(Verifier, SomebodyShownForLongKeepsTheTarget) {
  Verifier verifier;
  const VerifyOptions options{.raise = false};
  ASSERT_EQ(verifier.judge(found(.7), options, true), Act::show);
  for (int i = 0; i < 60; ++i)
    verifier.frame(true);
  EXPECT_EQ(verifier.judge(found(.5), options, true), Act::cover);
}

TEST(Verifier, TheWayBackIsLongerEachTimeAndHasTheHigherLimit) {
  Verifier verifier;
  const VerifyOptions options{.raise = false};
  EXPECT_EQ(verifier.judge(found(.5), options, false), Act::cover);
  const int first = held(verifier);
  EXPECT_EQ(verifier.judge(found(.605), options, false), Act::cover) << "no hysteresis";
  const int second = held(verifier);
  EXPECT_EQ(second, 2 * first);
  EXPECT_EQ(verifier.judge(found(.63), options, false), Act::show);
  EXPECT_EQ(verifier.judge(found(.605), options, false), Act::show);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(verifier.judge(found(.5), options, false), Act::cover);
    EXPECT_LE(held(verifier), 100);
  }
}

TEST(Verifier, TheRankCountsWithEnoughStrangers) {
  const VerifyOptions options{.raise = false, .least_gallery = 16};
  EXPECT_EQ(Verifier().judge(found(.9, {1, 15}), options, false), Act::show) << "15 strangers say nothing";
  EXPECT_EQ(Verifier().judge(found(.9, {1, 16}), options, false), Act::cover);
  EXPECT_EQ(Verifier().judge(found(.9, {2, 16}), options, false), Act::show);
  EXPECT_EQ(Verifier().judge(found(.5, {9, 16}), options, false), Act::cover);
}

TEST(Verifier, AResultPassesOnlyWhenBothJudgesSaySo) {
  const VerifyOptions options{.raise = false, .least_gallery = 16, .second_covers = true};
  const auto act = [&](const Verdict& verdict) { return Verifier().judge(verdict, options, false); };
  EXPECT_EQ(act(second(1.1)), Act::show);
  EXPECT_EQ(act(second(.89)), Act::cover) << "too near for the second judge";
  EXPECT_EQ(act(second(std::numeric_limits<double>::quiet_NaN())), Act::cover);
  EXPECT_EQ(act(second(1.1, {1, 16})), Act::cover) << "the nearest of all, for the second judge";
  EXPECT_EQ(act(second(1.1, {1, 15})), Act::show) << "15 strangers say nothing";
  EXPECT_EQ(act(second(1.1, {2, 16})), Act::show);
  Verdict near_for_dlib = second(1.1);
  near_for_dlib.distance = .59;
  EXPECT_EQ(act(near_for_dlib), Act::cover);
  EXPECT_EQ(Verifier().judge(second(.89), {.raise = false, .second_least = .8, .second_covers = true}, false),
            Act::show);
}

TEST(Verifier, TheSecondJudgesDoubtRaisesGeometryAndChangesTheTargetLikeDlibs) {
  Verifier verifier;
  const VerifyOptions options{.second_covers = true};
  for (const float want : {.25F, .5F, .75F, 1.F}) {
    EXPECT_EQ(verifier.judge(second(.8), options, true), Act::raise);
    EXPECT_FLOAT_EQ(verifier.geometry(options), want);
    EXPECT_TRUE(verifier.pending(options)) << "nothing leaves before another check";
  }
  EXPECT_EQ(verifier.judge(second(.8), options, true), Act::reassign);
}

/// A second judge that covers nothing pushes the result away; dlib still decides what leaves.
TEST(Verifier, ASecondJudgeThatAdvisesRaisesGeometryAndCoversNothing) {
  Verifier verifier;
  const VerifyOptions options{.least_gallery = 16};
  EXPECT_EQ(verifier.judge(second(.5, {1, 16}), options, true), Act::show);
  for (int i = 0; i < 60; ++i)
    verifier.frame(true);
  EXPECT_GT(verifier.geometry(options), 0) << "the second judge's doubt";
  EXPECT_EQ(Verifier().judge(second(1.1, {1, 16}), options, true), Act::show);
  Verdict near_for_dlib = second(1.2);
  near_for_dlib.distance = .59;
  EXPECT_NE(Verifier().judge(near_for_dlib, options, false), Act::show);
  Verdict first_for_dlib = second(1.2);
  first_for_dlib.rank = {1, 16};
  EXPECT_NE(Verifier().judge(first_for_dlib, options, false), Act::show);
}

TEST(Verifier, WhatIsNearTheSecondJudgesLimitIsCheckedSoonerWhenItCovers) {
  const VerifyOptions options{.raise = false, .second_covers = true}, advised{.raise = false};
  const auto frames = [&](double distance, const VerifyOptions& how) {
    Verifier verifier;
    EXPECT_EQ(verifier.judge(second(distance), how, true), Act::show);
    int count = 0;
    for (; !verifier.due(how); ++count)
      verifier.frame(true);
    return count;
  };
  EXPECT_EQ(frames(1.3, options), 15);
  EXPECT_EQ(frames(.95, options), 3);
  EXPECT_EQ(frames(.95, advised), 15);
}

TEST(Verifier, ADistanceThatIsNoNumberIsTooClose) {
  EXPECT_EQ(Verifier().judge(found(std::numeric_limits<double>::quiet_NaN()), {.raise = false}, false),
            Act::cover);
}

/// Composites are far from everybody, so being nearer than they are says little of a result that is far
/// itself.
TEST(Verifier, AmongCompositesTheRankCountsOnlyNearTheLimit) {
  const auto good = [](double distance, double below) {
    VerifyOptions options;
    options.rank_below = below;
    return Verifier().good({.distance = distance, .rank = {1, 17}}, options);
  };
  EXPECT_FALSE(good(.69, .7));
  EXPECT_TRUE(good(.71, .7));
  EXPECT_FALSE(good(.71, VerifyOptions{}.rank_below)) << "strangers who are people always count";
  EXPECT_FALSE(good(.59, .5)) << "the distance counts in every case";
}

} // namespace
} // namespace deid::faceswap
