#include "elements/measures/coco/bootstrap.hpp"
#include "elements/measures/coco/report.hpp"
#include "tests/elements/measures/coco/people.hpp"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace deid::test {
namespace {

using nlohmann::json;

/// Frames of one person, some of which fail; both meters get the same.
struct Comparison {
  coco::Evaluation evaluation{{1}, true};
  coco::Preservation preservation{};
  coco::LeftOut left_out{};

  void add(const PoseFrame& original, const PoseFrame& deidentified) {
    const auto image = static_cast<std::int64_t>(preservation.frames());
    const auto truths = truths_of(original, image, {}, left_out);
    const auto detections = detections_of(deidentified, image, {}, left_out);
    evaluation.add(image, truths, detections);
    preservation.add(truths, detections);
  }
};

Comparison run_of(int frames, int every) {
  Comparison run;
  for (int i = 0; i < frames; ++i) {
    const PoseFrame original{.people = {column(1, 100, 100, 160)}};
    const float off = every > 0 && i % every == 0 ? 40.F : 0.F;
    run.add(original, {.people = {column(1, 100 + off, 100, 160, .5F + .001F * static_cast<float>(i))}});
  }
  return run;
}

TEST(Preservation, DistributionIsExact) {
  const auto d = coco::distribution_of({1, .95, .949999, .85, .29, 0, .99, .5, 1, .1, .2});
  EXPECT_EQ(d.n, 11U);
  EXPECT_EQ(d.min, 0);
  EXPECT_DOUBLE_EQ(d.median, .85);
  EXPECT_DOUBLE_EQ(d.p5, .05);
  EXPECT_DOUBLE_EQ(d.p1, .01);
  EXPECT_DOUBLE_EQ(d.p25, .245);
  EXPECT_DOUBLE_EQ(d.p75, .97);
  EXPECT_EQ(d.at_least, (std::array<std::size_t, 3>{6, 4, 3}));
  EXPECT_EQ(d.histogram[29], 1U); // .29 * 100 is a little less than 29
  EXPECT_EQ(d.histogram[99], 3U); // .99 and both 1
  EXPECT_EQ(coco::distribution_of({}).n, 0U);
}

TEST(Preservation, QuantilesAreThoseOfTheSortedValues) {
  std::mt19937 random(3);
  for (std::size_t n = 1; n < 60; ++n) {
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      values.push_back(static_cast<double>(random() % 40) / 40);
    const auto d = coco::distribution_of(values);
    std::ranges::sort(values);
    const auto quantile = [&](double q) {
      const double at = q * static_cast<double>(n - 1);
      const auto below = static_cast<std::size_t>(at);
      return values[below] +
             (at - static_cast<double>(below)) * (values[std::min(below + 1, n - 1)] - values[below]);
    };
    EXPECT_DOUBLE_EQ(d.p1, quantile(.01)) << n;
    EXPECT_DOUBLE_EQ(d.p5, quantile(.05)) << n;
    EXPECT_DOUBLE_EQ(d.p25, quantile(.25)) << n;
    EXPECT_DOUBLE_EQ(d.median, quantile(.5)) << n;
    EXPECT_DOUBLE_EQ(d.p75, quantile(.75)) << n;
  }
}

TEST(Preservation, OfThemselvesEverythingIsOne) {
  const Comparison run = run_of(50, 0);
  EXPECT_EQ(run.preservation.oks().min, 1);
  for (std::size_t i = 0; i < coco::point_count; ++i) {
    EXPECT_EQ(run.preservation.point(i).similarity.n, 50U);
    EXPECT_EQ(run.preservation.point(i).similarity.min, 1);
  }
}

TEST(Preservation, MissingAndExtraPeopleAndPointsAreCounted) {
  Comparison run;
  const PoseFrame two{.people = {column(1, 100, 100, 160), column(2, 400, 100, 160)}};
  PoseFrame without_nose = two;
  without_nose.people[0].points[0] = {};
  run.add(two, {.people = {column(1, 100, 100, 160)}});
  run.add({.people = {column(1, 100, 100, 160)}}, two);
  run.add(two, without_nose);
  run.add({}, {});
  EXPECT_EQ(run.preservation.missing_people(), 1U);
  EXPECT_EQ(run.preservation.extra_people(), 1U);
  EXPECT_EQ(run.preservation.point(0).missing, 1U);
  EXPECT_EQ(run.preservation.point(0).similarity.min, 0);
  EXPECT_EQ(run.preservation.point(1).missing, 0U);
  EXPECT_EQ(run.evaluation.counts().frames_with_nobody, 1U);
}

TEST(Bootstrap, HoldsTheEstimateAndRepeats) {
  const Comparison run = run_of(400, 10);
  const auto a =
      coco::bootstrap(run.evaluation, run.preservation, {.block = 20, .resamples = 300, .seed = 5});
  const auto b =
      coco::bootstrap(run.evaluation, run.preservation, {.block = 20, .resamples = 300, .seed = 5});
  EXPECT_EQ(a.ap.low, b.ap.low);
  EXPECT_EQ(a.ar.high, b.ar.high);
  const coco::Scores scores = run.evaluation.scores();
  EXPECT_LE(a.ap.low, scores.stats[0]);
  EXPECT_GE(a.ap.high, scores.stats[0]);
  EXPECT_LE(a.ar95.low, .9);
  EXPECT_GE(a.ar95.high, .9);
  EXPECT_LE(a.at_least[1].low, .9);
  EXPECT_GE(a.at_least[1].high, .9);
  EXPECT_EQ(a.median.low, 1);
}

TEST(Bootstrap, OneBlockOfAllFramesIsTheEstimateItself) {
  const Comparison run = run_of(90, 7);
  const auto one = coco::bootstrap(run.evaluation, run.preservation, {.block = 90, .resamples = 3});
  const coco::Scores scores = run.evaluation.scores();
  EXPECT_NEAR(one.ap.low, scores.stats[0], 1e-12);
  EXPECT_NEAR(one.ap.high, scores.stats[0], 1e-12);
  EXPECT_NEAR(one.ap50.low, scores.stats[1], 1e-12);
  EXPECT_NEAR(one.ap75.low, scores.stats[2], 1e-12);
  EXPECT_NEAR(one.ap95.low, scores.ap95, 1e-12);
  EXPECT_NEAR(one.ar.low, scores.stats[5], 1e-12);
  EXPECT_NEAR(one.ar95.low, scores.ar95, 1e-12);
}

TEST(Bootstrap, LongerBlocksOfAlikeFramesWiden) {
  Comparison run;
  for (int i = 0; i < 600; ++i) { // failures in runs of 30
    const float off = i / 30 % 4 == 0 ? 40.F : 0.F;
    run.add({.people = {column(1, 100, 100, 160)}}, {.people = {column(1, 100 + off, 100, 160)}});
  }
  const auto width = [&](std::size_t block) {
    const auto i = coco::bootstrap(run.evaluation, run.preservation, {.block = block, .resamples = 400});
    return i.ar95.high - i.ar95.low;
  };
  EXPECT_GT(width(30), 2 * width(1));
}

TEST(Bootstrap, RefusesWhatItCannotDo) {
  const Comparison run = run_of(10, 3), other = run_of(11, 3);
  EXPECT_THROW((void)coco::bootstrap(run.evaluation, run.preservation, {.block = 0}), std::invalid_argument);
  EXPECT_THROW((void)coco::bootstrap(run.evaluation, other.preservation, {}), std::invalid_argument);
  const Comparison nothing;
  EXPECT_EQ(coco::bootstrap(nothing.evaluation, nothing.preservation, {}).ap.low, -1);
}

TEST(Report, IsJsonWithEverythingInIt) {
  const Comparison run = run_of(30, 10);
  coco::Report report{
      .evaluation = &run.evaluation, .preservation = &run.preservation, .scale = "keypoint-box"};
  report.intervals = coco::bootstrap(run.evaluation, run.preservation, {.block = 5, .resamples = 20});
  const json text = json::parse(to_json(report));
  EXPECT_EQ(text["stats"].size(), 10U);
  EXPECT_EQ(text["scale"], "keypoint-box");
  EXPECT_EQ(text["counts"]["found"][9], 27);
  EXPECT_EQ(text["counts"]["people"], 30);
  EXPECT_EQ(text["similarity"]["at_least_95"], 27);
  EXPECT_EQ(text["keypoints"]["left_wrist"]["n"], 30);
  EXPECT_EQ(text["intervals"]["AP"].size(), 2U);
  EXPECT_EQ(text["oks"].size(), 30U);
  EXPECT_EQ(text["matches"][1]["dt_match_gt_id"], json::parse("[[1],[1],[1],[1],[1],[1],[1],[1],[1],[1]]"));
  const Comparison nothing;
  EXPECT_TRUE(json::accept(
      coco::to_json({.evaluation = &nothing.evaluation, .preservation = &nothing.preservation})));
}

} // namespace
} // namespace deid::test
