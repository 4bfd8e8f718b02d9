#include "elements/faceswap/choice/hands_trial.hpp"
#include "elements/faceswap/choice/verify.hpp"
#include <gtest/gtest.h>
#include <vector>

namespace deid::faceswap {
namespace {

/// Returns the number of further frames in which hands of this share are painted over; the last frame asks
/// for a check.
int painted_over(HandsTrial& trial, double share) {
  int frames = 0;
  bool check = false;
  while (trial.left_out() && frames < 1000) {
    check = trial.frame(share);
    ++frames;
  }
  EXPECT_TRUE(check) << "shown again without a check";
  return frames;
}

TEST(HandsTrial, ACheckIsAskedForWheneverMoreOfTheFaceIsBehindHands) {
  HandsTrial trial;
  EXPECT_FALSE(trial.frame(0));
  EXPECT_FALSE(trial.frame(.05));
  EXPECT_TRUE(trial.frame(.11));
  EXPECT_FALSE(trial.frame(.2));
  EXPECT_TRUE(trial.frame(.22));
  EXPECT_FALSE(trial.frame(.1));
  EXPECT_TRUE(trial.frame(.21)) << "they came back";
  EXPECT_EQ(trial.share(), .21);
  EXPECT_FALSE(trial.left_out());
}

TEST(HandsTrial, HandsAreLeftOutForSomeFramesOnlyAndForMoreEachTime) {
  HandsTrial trial;
  trial.frame(.3);
  int last = 0, all = 0;
  for (int i = 0; i < 20; ++i) {
    trial.blame();
    EXPECT_TRUE(trial.left_out());
    const int frames = painted_over(trial, .3);
    EXPECT_GE(frames, last);
    last = frames;
    all += frames;
  }
  EXPECT_LE(last, 50) << "two seconds";
  EXPECT_GT(all, 0);
}

TEST(HandsTrial, WhatPassesShortensTheNextTime) {
  HandsTrial trial;
  trial.frame(.3);
  trial.blame();
  const int first = painted_over(trial, .3);
  EXPECT_GT(trial.slack(), 0) << "no hysteresis";
  for (int i = 0; i < 5; ++i) {
    trial.blame();
    painted_over(trial, .3);
  }
  for (int i = 0; i < 10; ++i)
    trial.clear();
  EXPECT_EQ(trial.slack(), 0);
  trial.blame();
  EXPECT_EQ(painted_over(trial, .3), first);
}

TEST(HandsTrial, HandsThatWereGoneMeanwhileAreCheckedWhenTheyComeBack) {
  HandsTrial trial;
  trial.frame(.3);
  trial.blame();
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(trial.frame(0));
  EXPECT_FALSE(trial.left_out());
  EXPECT_TRUE(trial.frame(.3));
}

/// Returns how many of 300 frames keep hands, when each check with hands finds this distance and each check
/// without them a large one.
int kept(double with) {
  HandsTrial trial;
  Verifier verifier;
  const VerifyOptions options{.raise = false};
  int frames = 0;
  for (int i = 0; i < 300; ++i) {
    if (trial.frame(.3))
      verifier.invalidate();
    if (verifier.due(options)) {
      VerifyOptions strict = options;
      strict.least += trial.slack();
      const bool passes = !trial.left_out() && verifier.good({with, {}}, strict);
      if (passes)
        trial.clear();
      else if (!trial.left_out())
        trial.blame();
      EXPECT_EQ(verifier.judge({passes ? with : .9, {}}, options, false), Act::show);
    }
    frames += trial.left_out() ? 0 : 1;
    verifier.frame(true);
  }
  return frames;
}

TEST(HandsTrial, AHairBelowTheLimitIsNoDifferenceThatLasts) {
  EXPECT_EQ(kept(.6 + 1e-9), 300);
  EXPECT_EQ(kept(.6 - 1e-9), 0) << "what is too close each time is never shown";
  HandsTrial once;
  once.frame(.3);
  once.blame(); // slightly too close once; the next check passes
  EXPECT_LE(painted_over(once, .3), 8);
}

} // namespace
} // namespace deid::faceswap
