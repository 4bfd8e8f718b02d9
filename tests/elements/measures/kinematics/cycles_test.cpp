// Taps and steps.
#include "elements/measures/kinematics/cycles.hpp"
#include "elements/measures/kinematics/gait.hpp"
#include "tests/elements/measures/kinematics/person.hpp"
#include <gtest/gtest.h>

namespace deid::kinematics {
namespace {

using std::numbers::pi;
using test::series;
using test::walking;
using test::wave;

/// Cosine taps of `frequency` Hz that close at whole cycles: peaks at (k + .5) / frequency.
Readings taps(double frequency, double seconds, double amplitude = 1, double late = 0) {
  Readings made;
  for (int i = 0; i < static_cast<int>(seconds * 60); ++i) {
    const double t = i / 60.;
    const auto at = [&](double when) { return amplitude * (1 - std::cos(2 * pi * frequency * when)) / 2; };
    made.push_back({t, at(t), at(t - late)});
  }
  return made;
}

TEST(Cycles, ArePeaksBetweenValleys) {
  const auto found = cycles(taps(2, 5.1), &Reading::original, .3, .25);
  ASSERT_EQ(found.size(), 10U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].t, .25 + .5 * static_cast<double>(i), .001);
    EXPECT_NEAR(found[i].amplitude, 1, .005);
    EXPECT_NEAR(found[i].rise, 2 * pi, .1);
    EXPECT_NEAR(found[i].fall, 2 * pi, .1);
  }
}

TEST(Cycles, IgnoreRippleAndHalfMovements) {
  Readings made = taps(1, 4);
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i].original += .05 * std::sin(static_cast<double>(i));
  EXPECT_EQ(cycles(made, &Reading::original, .3, .25).size(), 4U);
  const Readings down(made.begin() + 30, made.begin() + 55); // starts at the top, only falls
  EXPECT_TRUE(cycles(down, &Reading::original, .3, .25).empty());
  const Readings up(made.begin(), made.begin() + 30); // only rises
  EXPECT_TRUE(cycles(up, &Reading::original, .3, .25).empty());
  EXPECT_TRUE(cycles({}, &Reading::original, .3, .25).empty());
}

TEST(Cycles, OfSteepSamplesAreAllFound) {
  Readings made;
  const double values[] = {.1, 1, .05, 1, 0, 1, -.05, 1, .1};
  for (const double value : values)
    made.push_back({static_cast<double>(made.size()) / 10, value, value});
  EXPECT_EQ(cycles(made, &Reading::original, .3, .25).size(), 4U);
}

TEST(Match, PairsTheNearestOnce) {
  const Matches m = match({1, 2, 3, 4}, {1.05, 1.9, 2.1, 4.3, 6}, .2);
  EXPECT_EQ(m.pairs, (std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}, {1, 1}}));
  EXPECT_EQ(m.missed, 2U);
  EXPECT_EQ(m.extra, 3U);
  EXPECT_NEAR(m.f1.get(), 4. / 9, 1e-12);
  EXPECT_NEAR(m.mae_ms.get(), 75, 1e-6);
  EXPECT_NEAR(m.bias_ms.get(), -25, 1e-6);
  EXPECT_EQ(match({}, {}, 1).f1.why(), "neither stream has an event");
  EXPECT_EQ(match({1}, {}, 1).f1.get(), 0);
  EXPECT_FALSE(match({1}, {}, 1).mae_ms.known());
}

TEST(Tapping, OfAStreamWithItselfIsTheSame) {
  const Tapping t = tapping("finger", "palms", taps(2, 8), {});
  EXPECT_EQ(t.why, "");
  EXPECT_EQ(t.count.original.get(), 16);
  EXPECT_NEAR(t.rate.original.get(), 2, 1e-3);
  EXPECT_NEAR(t.cycle.original.get(), .5, 1e-3);
  EXPECT_LT(t.cycle_cv.original.get(), .01);
  EXPECT_NEAR(t.late_early.original.get(), 1, .01);
  EXPECT_NEAR(t.rms_velocity.original.get(), 2 * pi / std::sqrt(2.), .1);
  EXPECT_EQ(t.pauses.original.get(), 0);
  for (const Pair* pair : {&t.count, &t.rate, &t.amplitude, &t.amplitude_sd, &t.opening_speed,
                           &t.closing_speed, &t.cycle, &t.cycle_cv, &t.decay, &t.late_early, &t.pauses})
    EXPECT_EQ(pair->difference().get(), 0);
  EXPECT_EQ(t.events.f1.get(), 1);
  EXPECT_EQ(t.events.mae_ms.get(), 0);
  EXPECT_EQ(t.amplitudes.bias.get(), 0);
}

TEST(Tapping, SeesLateTaps) {
  const Tapping t = tapping("finger", "palms", taps(2, 8, 1, .04), {});
  EXPECT_EQ(t.events.f1.get(), 1);
  EXPECT_NEAR(t.events.mae_ms.get(), 40, 1);
  EXPECT_NEAR(t.events.bias_ms.get(), 40, 1);
}

TEST(Tapping, SeesDecayAndPauses) {
  Readings made;
  double phase = 0;
  for (int i = 0; i < 600; ++i) {
    const double t = i / 60.;
    phase += (t > 4 && t < 5 ? .5 : 2) / 60.;
    const double value = (1 - .05 * t) * (1 - std::cos(2 * pi * phase)) / 2;
    made.push_back({t, value, t > 6 ? .1 : value});
  }
  const Tapping t = tapping("finger", "palms", made, {});
  EXPECT_EQ(t.pauses.original.get(), 1);
  EXPECT_LT(t.decay.original.get(), -.02);
  EXPECT_LT(t.late_early.original.get(), .8);
  EXPECT_GT(t.events.missed, 5U);
  EXPECT_EQ(t.events.extra, 0U);
  EXPECT_LT(t.events.f1.get(), .9);
}

TEST(Tapping, SaysWhatIsMissing) {
  EXPECT_EQ(tapping("f", "palms", {}, {}).why, "no frame has all its points in both streams");
  EXPECT_EQ(tapping("f", "palms", taps(2, 8, .01), {}).why,
            "the original has fewer than two movements of at least 0.05 palms");
  const auto coco = tappings(CleanSeries({.set = KeypointSet::coco17}, {}), {});
  ASSERT_EQ(coco.size(), 6U);
  EXPECT_EQ(coco[0].part, "left thumb-index");
  EXPECT_NE(coco[0].why.find("needs the 21 points of this hand"), std::string::npos);
  EXPECT_EQ(coco[3].part, "right toe");
  EXPECT_EQ(coco[3].why, "coco-17 has no toes and heels");
}

TEST(Tapping, IsReadOffHandsFeetAndKnees) {
  auto made = series(60, 8, [](double t) {
    auto points = test::standing();
    points[19].y -= 15 + wave(15, 1.5, t); // left toe
    points[10].y -= 20 + wave(20, 1, t);   // right knee
    return points;
  });
  for (std::size_t i = 0; i < made.frames.size(); ++i)
    for (View* view : {&made.frames[i].original, &made.frames[i].deidentified}) {
      Hand hand{.left = false, .score = .9F, .points = std::vector<Keypoint>(21, {100, 100, 1, true})};
      hand.points[9].y -= 40;
      hand.points[8].x += 25 + wave(20, 3, static_cast<double>(i) / 60);
      view->hands = {hand};
    }
  const auto found = tappings(CleanSeries(made, {}), {});
  EXPECT_FALSE(found[0].why.empty()); // no left hand
  EXPECT_NEAR(found[1].rate.original.get(), 3, .01);
  EXPECT_NEAR(found[1].amplitude.original.get(), 1, .03);
  EXPECT_NEAR(found[2].rate.original.get(), 1.5, .01);
  EXPECT_FALSE(found[3].why.empty());
  EXPECT_FALSE(found[4].why.empty());
  EXPECT_NEAR(found[5].rate.original.get(), 1, .01);
  EXPECT_NEAR(found[5].amplitude.original.get(), 40 / test::torso, .01);
}

TEST(Gait, OfAWalkIsMeasured) {
  for (const double speed : {150., -150.}) {
    const auto made = series(60, 6, [&](double t) { return walking(t, speed); });
    const Gait g = gait(CleanSeries(made, {}), {});
    EXPECT_EQ(g.why, "");
    EXPECT_EQ(g.direction, speed > 0 ? "right" : "left");
    EXPECT_EQ(g.direction_by, "path");
    EXPECT_EQ(g.steps.original.get(), 12);
    EXPECT_NEAR(g.cadence.original.get(), 120, 2);
    EXPECT_NEAR(g.step_time.original.get(), .5, .01);
    EXPECT_NEAR(g.stride_time.original.get(), 1, .01);
    EXPECT_LT(g.stride_cv.original.get(), .01);
    EXPECT_LT(g.asymmetry.original.get(), .1);
    EXPECT_GT(g.step_length.original.get(), .3);
    EXPECT_EQ(g.strikes[0].f1.get(), 1);
    EXPECT_EQ(g.strikes[1].mae_ms.get(), 0);
    EXPECT_GT(g.arm_swing[0].original.get(), 20);
    for (const Pair* pair : {&g.steps, &g.cadence, &g.step_time, &g.step_cv, &g.stride_time, &g.asymmetry,
                             &g.step_length, &g.arm_swing[1]})
      EXPECT_EQ(pair->difference().get(), 0);
  }
}

TEST(Gait, OnATreadmillGoesWhereTheFeetPoint) {
  const auto made = series(60, 6, [](double t) {
    auto points = walking(t, 0);
    points[22].x += 30; // toes before the heels
    points[19].x += 30;
    return points;
  });
  const Gait g = gait(CleanSeries(made, {}), {});
  EXPECT_EQ(g.direction_by, "feet");
  EXPECT_NEAR(g.cadence.original.get(), 120, 2);
}

TEST(Gait, OfALimpIsAsymmetric) {
  const auto made = series(60, 8, [](double t) {
    auto points = test::standing();
    points[11].x += wave(50, 1, t);
    points[14].x += wave(50, 1, t, .6 * pi); // not half a stride apart: .3 and .7 s
    test::shift(points, static_cast<float>(100 * t), 0);
    return points;
  });
  const Gait g = gait(CleanSeries(made, {}), {});
  EXPECT_NEAR(g.asymmetry.original.get(), 2 * .4, .05);
}

TEST(Gait, SaysWhatIsMissing) {
  EXPECT_EQ(gait(CleanSeries({}, {}), {}).why, "shoulders and hips were never seen together in the original");
  const auto still = [](double) { return test::standing(); };
  auto made = series(60, 2, still);
  EXPECT_EQ(gait(CleanSeries(made, {}), {}).why,
            "neither path, feet nor face show a walking direction in the picture");
  made = series(60, 4, [](double t) {
    auto points = test::standing();
    test::shift(points, static_cast<float>(100 * t), 0); // glides
    return points;
  });
  EXPECT_EQ(gait(CleanSeries(made, {}), {}).why, "the original has fewer than two steps");
}

} // namespace
} // namespace deid::kinematics
