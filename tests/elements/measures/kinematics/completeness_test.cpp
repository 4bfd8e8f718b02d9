// Missing, exchanged or late points, and data that no measure uses.
#include "elements/measures/kinematics/completeness.hpp"
#include "tests/elements/measures/kinematics/person.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <stdexcept>

namespace deid::kinematics {
namespace {

using test::lively;
using test::series;

constexpr std::size_t wrist = 4; // right

Completeness complete(const PairedSeries& made, const Settings& settings = {}) {
  return completeness(CleanSeries(made, settings), settings);
}

TEST(Completeness, CountsARunThatIsMissing) {
  auto made = series(30, 3, lively);
  for (std::size_t i = 30; i < 45; ++i)
    made.frames[i].deidentified.points[wrist] = {};
  made.frames[60].deidentified.points[wrist] = {};
  for (std::size_t i = 70; i < 79; ++i)
    made.frames[i].original.points[wrist] = {};
  const Completeness c = complete(made);
  const Presence& p = c.points[wrist];
  EXPECT_EQ(p.part, "right wrist");
  EXPECT_EQ(p.original, 81U);
  EXPECT_EQ(p.deidentified, 74U);
  EXPECT_EQ(p.both, 65U);
  EXPECT_DOUBLE_EQ(p.missing.get(), 16. / 81);
  EXPECT_DOUBLE_EQ(p.invented.get(), 9. / 74);
  EXPECT_NEAR(p.longest_gap.get(), 16. / 30, 1e-6);
  EXPECT_EQ(c.points[0].missing.get(), 0);
  EXPECT_EQ(c.points[0].longest_gap.get(), 0);
  EXPECT_EQ(c.nobody_deidentified, 0U);
}

TEST(Completeness, CountsFramesWithNobody) {
  auto made = series(30, 1, lively);
  made.frames[3].deidentified.points.clear();
  made.frames[4].deidentified.points.assign(25, {});
  made.frames[9].original.points.clear();
  const Completeness c = complete(made);
  EXPECT_EQ(c.nobody_deidentified, 2U);
  EXPECT_EQ(c.nobody_original, 1U);
  EXPECT_DOUBLE_EQ(c.points[wrist].missing.get(), 2. / 29);
}

TEST(Completeness, SaysWhenAStreamNeverShowsAPoint) {
  auto made = series(30, 1, lively);
  for (PairedFrame& frame : made.frames)
    frame.original.points[wrist] = {};
  EXPECT_EQ(complete(made).points[wrist].missing.why(), "the original never shows the point");
  EXPECT_EQ(complete(made).points[wrist].invented.get(), 1);
}

void swap_sides(std::vector<Keypoint>& points, bool legs_only) {
  for (const auto& [a, b] : {std::pair{9, 12}, {10, 13}, {11, 14}, {19, 22}, {20, 23}, {21, 24}})
    if (!legs_only || a != 9)
      std::swap(points[static_cast<std::size_t>(a)], points[static_cast<std::size_t>(b)]);
  if (!legs_only)
    for (const auto& [a, b] : {std::pair{2, 5}, {3, 6}, {4, 7}, {15, 16}, {17, 18}})
      std::swap(points[static_cast<std::size_t>(a)], points[static_cast<std::size_t>(b)]);
}

TEST(Swaps, AreCountedByFrame) {
  auto made = series(30, 2, lively);
  for (const std::size_t i : {7U, 8U, 30U})
    swap_sides(made.frames[i].deidentified.points, false);
  for (const std::size_t i : {40U, 41U})
    swap_sides(made.frames[i].deidentified.points, true);
  const auto swaps = complete(made).swaps;
  EXPECT_EQ(swaps[0].part, "body");
  EXPECT_EQ(swaps[0].swapped, 3U);
  EXPECT_EQ(swaps[1].part, "arms");
  EXPECT_EQ(swaps[1].swapped, 3U);
  EXPECT_EQ(swaps[2].part, "legs");
  EXPECT_EQ(swaps[2].swapped, 5U);
  EXPECT_EQ(swaps[2].frames, 60U);
}

TEST(Swaps, AreNotSeenInNoise) {
  // In a side view both legs are at one place, so the nearer one is chance.
  auto made = series(30, 2, [](double) { return std::vector<Keypoint>(25, {50, 50, 1, true}); });
  std::mt19937 random(3);
  std::normal_distribution<float> noise;
  for (PairedFrame& frame : made.frames)
    for (View* view : {&frame.original, &frame.deidentified})
      for (std::size_t i = 0; i < 25; ++i) {
        view->points[i].x += noise(random);
        view->points[i].y += noise(random) + (i == 1 ? -100.F : 0.F);
      }
  for (const Swaps& swaps : complete(made).swaps)
    EXPECT_EQ(swaps.swapped, 0U) << swaps.part;
}

PairedSeries late(int frames, double rate = 30) {
  auto made = series(rate, 4, lively);
  const PairedSeries original = made;
  const auto n = static_cast<int>(made.frames.size());
  for (int i = 0; i < n; ++i)
    made.frames[static_cast<std::size_t>(i)].deidentified =
        original.frames[static_cast<std::size_t>(std::clamp(i - frames, 0, n - 1))].original;
  return made;
}

TEST(Lag, OfAStreamWithItselfIsZero) {
  const Lag lag = complete(late(0)).lag;
  EXPECT_EQ(lag.frames.get(), 0);
  EXPECT_EQ(lag.milliseconds.get(), 0);
  EXPECT_NEAR(lag.correlation.get(), 1, 1e-12);
  EXPECT_TRUE(lag.warning.empty());
}

TEST(Lag, OfShiftedStreamsIsTheShift) {
  for (const int shift : {1, 2, 7, -1, -5, 25}) {
    const Lag lag = complete(late(shift)).lag;
    EXPECT_EQ(lag.frames.get(), shift);
    EXPECT_NEAR(lag.milliseconds.get(), shift * 1000. / 30, 1e-3);
    EXPECT_GT(lag.correlation.get(), .99);
    EXPECT_NE(lag.warning.find(shift > 0 ? "late" : "early"), std::string::npos) << lag.warning;
  }
  EXPECT_NEAR(complete(late(1, 50)).lag.milliseconds.get(), 20, 1e-3);
}

TEST(Lag, OfARhythmIsNotAPeriod) {
  const auto made = series(30, 4, [](double t) {
    auto points = test::standing();
    test::shift(points, test::wave(10, 5, t), 0);
    return points;
  });
  EXPECT_EQ(complete(made).lag.frames.get(), 0);
}

TEST(Lag, SaysWhenItCannotBeTold) {
  EXPECT_EQ(complete({}).lag.frames.why(), "a lag needs at least three frames");
  const auto still = series(30, 1, [](double) { return test::standing(); });
  EXPECT_EQ(complete(still).lag.frames.why(), "one of the streams does not move");
  auto other = series(30, 2, lively);
  std::mt19937 random(5);
  std::normal_distribution<float> noise(0, 30);
  for (PairedFrame& frame : other.frames)
    for (Keypoint& point : frame.deidentified.points)
      point.x += noise(random);
  const Lag lag = complete(other).lag;
  EXPECT_FALSE(lag.frames.known());
  EXPECT_NE(lag.warning.find("could not be measured"), std::string::npos);
}

TEST(CleanSeries, MakesWhatIsNotFiniteAbsentAndCountsIt) {
  auto made = series(30, 1, lively);
  constexpr float inf = std::numeric_limits<float>::infinity();
  made.frames[2].original.points[wrist].x = NAN;
  made.frames[3].original.points[wrist].y = -inf;
  made.frames[4].deidentified.points[wrist].x = 3e38F;
  made.frames[5].deidentified.points[wrist].score = NAN;
  made.frames[6].deidentified.points[wrist].score = 0;
  made.frames[7].deidentified.points[wrist] = {NAN, NAN, NAN, false}; // absent: its place means nothing
  const CleanSeries clean(made, {});
  EXPECT_EQ(clean.exclusions().not_finite_original, 2U);
  EXPECT_EQ(clean.exclusions().not_finite_deidentified, 1U);
  EXPECT_EQ(clean.exclusions().below_threshold_deidentified, 2U);
  EXPECT_EQ(clean.exclusions().below_threshold_original, 0U);
  EXPECT_EQ(completeness(clean, {}).points[wrist].both, 24U);
}

TEST(CleanSeries, LeavesOutFramesWhoseTimeDoesNotRise) {
  auto made = series(30, 1, lively);
  made.frames[5].pts = made.frames[4].pts;
  made.frames[9].pts = -1;
  made.frames[20].pts = 0;
  const CleanSeries clean(made, {});
  EXPECT_EQ(clean.exclusions().untimed, 3U);
  EXPECT_EQ(clean.exclusions().frames, 27U);
  EXPECT_EQ(clean.frames().front().t, 0);
  EXPECT_NEAR(clean.interval(), 1. / 30, 1e-8);
}

TEST(CleanSeries, LeavesOutTimesThatRoundingMakesEqual) {
  auto made = series(30, 1, lively);
  for (std::size_t i = 20; i < 30; ++i)
    made.frames[i].pts = std::numeric_limits<std::int64_t>::max() - 30 + static_cast<std::int64_t>(i);
  made.frames[29].pts = std::numeric_limits<std::int64_t>::min();
  const CleanSeries clean(made, {});
  EXPECT_EQ(clean.exclusions().frames, 21U);
  EXPECT_EQ(clean.exclusions().untimed, 9U);
  for (std::size_t i = 1; i < clean.frames().size(); ++i)
    EXPECT_GT(clean.frames()[i].t, clean.frames()[i - 1].t);
}

TEST(CleanSeries, TakesPointsAboveTheThreshold) {
  auto made = series(30, 1, lively); // scores .9
  EXPECT_EQ(CleanSeries(made, {.threshold = .9F}).exclusions().below_threshold_original, 25U * 30U);
  EXPECT_EQ(CleanSeries(made, {.threshold = .89F}).exclusions().below_threshold_original, 0U);
}

TEST(CleanSeries, RefusesListsOfWrongLengthsAndSettingsOutOfRange) {
  auto made = series(30, 1, lively);
  made.frames[3].original.points.pop_back();
  EXPECT_THROW(CleanSeries(made, {}), std::invalid_argument);
  made = series(30, 1, lively);
  made.frames[3].deidentified.face.resize(467);
  EXPECT_THROW(CleanSeries(made, {}), std::invalid_argument);
  made = series(30, 1, lively);
  made.frames[3].deidentified.hands = {Hand{.points = std::vector<Keypoint>(20)}};
  EXPECT_THROW(CleanSeries(made, {}), std::invalid_argument);
  made = series(30, 1, lively);
  EXPECT_THROW(CleanSeries(made, {.threshold = NAN}), std::invalid_argument);
  EXPECT_THROW(CleanSeries(made, {.max_gap = 0}), std::invalid_argument);
  EXPECT_THROW(CleanSeries(made, {.band_low = 10, .band_high = 2}), std::invalid_argument);
  EXPECT_THROW(CleanSeries(made, {.window = 1e9}), std::invalid_argument);
}

} // namespace
} // namespace deid::kinematics
