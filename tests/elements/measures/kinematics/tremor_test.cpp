// Tremors of known frequency and amplitude.
#include "elements/measures/kinematics/tremor.hpp"
#include "tests/elements/measures/kinematics/person.hpp"
#include <gtest/gtest.h>

namespace deid::kinematics {
namespace {

using test::torso;

struct Known {
  double frequency, amplitude;
  double noise = 0, jitter = 0; ///< px, share of the frame interval
};

/// A track with a tremor along (.6, .8) on top of a slow drift, at uneven times.
Track shaking(const Known& o, const Known& d, double rate, double seconds, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise;
  std::uniform_real_distribution<double> uneven(-1, 1);
  Track track;
  for (int i = 0; i < static_cast<int>(seconds * rate); ++i) {
    const double t = (i + o.jitter * uneven(random)) / rate;
    const double drift = 30 * std::sin(.5 * t);
    const auto at = [&](const Known& known) {
      const double along = known.amplitude * std::sin(2 * std::numbers::pi * known.frequency * t + .7);
      return cv::Point2d(drift + .6 * along + known.noise * noise(random),
                         100 + .8 * along + known.noise * noise(random));
    };
    const cv::Point2d original = at(o);
    track.push_back({t, original, at(d)});
  }
  return track;
}

class KnownTremor : public testing::TestWithParam<std::tuple<double, double, double, double>> {};

TEST_P(KnownTremor, IsFoundWithinBarSix) {
  const auto [rate, frequency, amplitude, jitter] = GetParam();
  const Known known{frequency, amplitude, .05 * amplitude, jitter};
  for (const double seconds : {4.2, 10., 20.}) {
    const Tremor t = tremor("wrist", shaking(known, known, rate, seconds), torso, {});
    ASSERT_TRUE(t.frequency.original.known()) << t.frequency.original.why();
    EXPECT_NEAR(t.frequency.original.get(), frequency, .1) << seconds;
    EXPECT_NEAR(t.frequency.deidentified.get(), frequency, .1) << seconds;
    EXPECT_NEAR(t.amplitude.original.get(), amplitude, .1 * amplitude) << seconds;
    EXPECT_NEAR(t.amplitude.deidentified.get(), amplitude, .1 * amplitude) << seconds;
    EXPECT_NEAR(t.amplitude_torso.original.get(), amplitude / torso, .1 * amplitude / torso);
    if (seconds > 5) {
      EXPECT_EQ(t.verdict, Verdict::preserved) << t.verdict_why;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, KnownTremor,
                         testing::Combine(testing::Values(25., 29.97, 30., 50.),
                                          testing::Values(5., 5.13, 7.37), testing::Values(1.5, 5., 20.),
                                          testing::Values(0., .1, .2)));

TEST(Tremor, OfThreeToNineHertzIsExactWithoutNoise) {
  for (double frequency = 3; frequency < 9.1; frequency += .37) {
    const Tremor t = tremor("wrist", shaking({frequency, 4}, {frequency, 4}, 30, 12), torso, {});
    EXPECT_NEAR(t.frequency.original.get(), frequency, .02);
    EXPECT_NEAR(t.amplitude.original.get(), 4, .05) << frequency;
  }
}

TEST(Tremor, SurvivesDroppedFrames) {
  Track track = shaking({5.13, 5}, {5.13, 5}, 30, 12);
  Track kept;
  for (std::size_t i = 0; i < track.size(); ++i)
    if (i % 10 != 7)
      kept.push_back(track[i]);
  const Tremor t = tremor("wrist", kept, torso, {});
  EXPECT_NEAR(t.frequency.original.get(), 5.13, .1);
  EXPECT_NEAR(t.amplitude.original.get(), 5, .5);
}

TEST(Tremor, IsNotInterpolatedAcrossGaps) {
  Track track = shaking({5, 5}, {5, 5}, 30, 20);
  Track cut;
  for (const Sample& sample : track)
    if (sample.t < 5 || (sample.t > 5.5 && sample.t < 8) || sample.t > 9.99)
      cut.push_back(sample);
  const Tremor t = tremor("wrist", cut, torso, {});
  EXPECT_NEAR(t.seconds.get(), 15, .2); // 2.5 s between the gaps are shorter than a window
  EXPECT_EQ(t.windows, 1U + 4U);
  EXPECT_NEAR(t.frequency.original.get(), 5, .1);
  EXPECT_NEAR(t.amplitude.original.get(), 5, .5);
}

TEST(Tremor, OfOneStreamWithItselfIsTheSame) {
  const Tremor t = tremor("wrist", shaking({5, 3}, {5, 3}, 30, 10), torso, {});
  EXPECT_EQ(t.frequency_error.get(), 0);
  EXPECT_EQ(t.amplitude_ratio.get(), 1);
  EXPECT_NEAR(t.coherence.get(), 1, 1e-12);
  EXPECT_EQ(t.windows, 4U);
  EXPECT_NEAR(t.coherence_needed.get(), 1 - std::pow(.05, 1. / 3), 1e-12);
  EXPECT_EQ(t.verdict, Verdict::preserved);
}

TEST(Tremor, HalvedOrFasterIsChanged) {
  const Tremor halved = tremor("wrist", shaking({5, 6}, {5, 3}, 30, 10), torso, {});
  EXPECT_NEAR(halved.amplitude_ratio.get(), .5, .01);
  EXPECT_EQ(halved.verdict, Verdict::changed);
  EXPECT_EQ(halved.verdict_why, "the amplitude changed");
  const Tremor faster = tremor("wrist", shaking({5, 6}, {6, 6}, 30, 10), torso, {});
  EXPECT_NEAR(faster.frequency_error.get(), 1, .02);
  EXPECT_EQ(faster.verdict, Verdict::changed);
  EXPECT_EQ(faster.verdict_why, "the frequency changed");
}

TEST(Tremor, OfNobodyIsNoTremor) {
  const Tremor noise = tremor("wrist", shaking({5, 0, .3}, {5, 0, .3}, 30, 12), torso, {});
  EXPECT_EQ(noise.verdict, Verdict::none);
  EXPECT_LT(noise.coherence.get(), noise.coherence_needed.get());
  const Tremor added = tremor("wrist", shaking({5, 0, .3}, {5, 4, .3}, 30, 12), torso, {});
  EXPECT_EQ(added.verdict, Verdict::added);
  Track across = shaking({5, 0, .3}, {5, 0, .3}, 30, 12); // noise, mostly along another axis than the tremor
  for (Sample& sample : across) {
    sample.original.x *= 5;
    sample.deidentified.y += test::wave(4, 5, sample.t);
  }
  EXPECT_EQ(tremor("wrist", across, torso, {}).verdict, Verdict::added);
  const Tremor gone = tremor("wrist", shaking({5, 4, .3}, {5, 0, .3}, 30, 12), torso, {});
  EXPECT_EQ(gone.verdict, Verdict::changed);
}

TEST(Tremor, ThatDoesNotMoveSaysSo) {
  Track still;
  Track line;
  for (int i = 0; i < 300; ++i) {
    still.push_back({i / 30., {3, 4}, {3, 4}});
    line.push_back({i / 30., {1. * i, 2. * i}, {1. * i, 2. * i}});
  }
  for (const Track* track : {&still, &line}) {
    const Tremor t = tremor("wrist", *track, torso, {});
    EXPECT_FALSE(t.frequency.original.known());
    EXPECT_EQ(t.frequency.original.why(), "nothing moves in the band");
    EXPECT_FALSE(t.coherence.known());
    EXPECT_EQ(t.verdict, Verdict::none);
  }
}

TEST(Tremor, SaysWhatIsMissing) {
  const auto why = [](const Track& track) {
    return tremor("wrist", track, torso, {}).frequency.original.why();
  };
  EXPECT_EQ(why({}), "no frame has the points in both streams");
  EXPECT_EQ(why({Sample{}}), "one frame has no rhythm");
  EXPECT_EQ(why(shaking({5, 5}, {5, 5}, 30, 3)), "no run without a gap is as long as a window of 4 s");
  EXPECT_NE(why(shaking({5, 5}, {5, 5}, 15, 10)).find("too few for a band up to 10 Hz"), std::string::npos);
  const Tremor one_window = tremor("wrist", shaking({5, 5}, {5, 5}, 30, 4.1), torso, {});
  EXPECT_EQ(one_window.coherence.why(), "coherence needs at least two windows");
  EXPECT_EQ(one_window.verdict, Verdict::unknown);
}

TEST(Tremor, IsReadOffWristsAndFingers) {
  auto made = test::series(30, 10, [](double t) {
    auto points = test::standing();
    points[7].x += test::wave(6, 5, t);   // left wrist
    points[4].y += test::wave(3, 6.5, t); // right wrist
    return points;
  });
  for (std::size_t i = 0; i < made.frames.size(); ++i)
    for (View* view : {&made.frames[i].original, &made.frames[i].deidentified}) {
      Hand hand{.left = true, .score = .9F, .points = std::vector<Keypoint>(21, {100, 100, 1, true})};
      hand.points[8].y += test::wave(2, 4, static_cast<double>(i) / 30);
      view->hands = {hand};
    }
  const auto found = tremors(CleanSeries(made, {}), {});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].part, "left wrist");
  EXPECT_NEAR(found[0].frequency.original.get(), 5, .02);
  EXPECT_NEAR(found[0].amplitude.original.get(), 6, .1);
  EXPECT_NEAR(found[1].frequency.original.get(), 6.5, .02);
  EXPECT_NEAR(found[1].amplitude.original.get(), 3, .05);
  EXPECT_NEAR(found[2].frequency.original.get(), 4, .02);
  EXPECT_NEAR(found[2].amplitude.original.get(), 2, .05);
  EXPECT_NE(found[3].verdict_why.find("needs the 21 points of this hand"), std::string::npos);
}

} // namespace
} // namespace deid::kinematics
