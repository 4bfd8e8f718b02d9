#include "elements/measures/coco/evaluation.hpp"
#include "elements/measures/coco/people.hpp"
#include "tests/elements/measures/coco/people.hpp"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace deid::test {
namespace {

using coco::Detection;
using coco::Truth;

Truth truth_at(double x, double y, double area = 10000) {
  Truth truth{.id = 1, .area = area};
  truth.points.x.fill(x);
  truth.points.y.fill(y);
  truth.points.v.fill(2);
  return truth;
}

Detection detection_at(double x, double y, double score = 1) {
  Detection detection{.id = 1, .area = 10000, .score = score};
  detection.points.x.fill(x);
  detection.points.y.fill(y);
  return detection;
}

TEST(Evaluation, ThresholdsAndRecallPointsAreNumpysToTheLastBit) {
  EXPECT_EQ(coco::thresholds()[0], .5);
  EXPECT_EQ(coco::thresholds()[5], .75);
  EXPECT_EQ(coco::thresholds()[8], 0x1.cccccccccccccp-1);
  EXPECT_NE(coco::thresholds()[8], .9);
  EXPECT_EQ(coco::thresholds()[9], .95);
  EXPECT_EQ(coco::recall_points()[57], 57 * .01);
  EXPECT_GT(coco::recall_points()[57], .57); // a recall of 57 in 100 does not reach it
  EXPECT_EQ(coco::recall_points()[100], 1);
}

TEST(Evaluation, OnePointsSimilarityIsTheFormula) {
  const Truth truth = truth_at(100, 100, 4000);
  const auto each = coco::similarities(truth, detection_at(103, 104).points);
  EXPECT_NEAR(each[0], std::exp(-25 / (2 * 4000 * .052 * .052)), 1e-12);  // nose
  EXPECT_NEAR(each[9], std::exp(-25 / (2 * 4000 * .124 * .124)), 1e-12);  // wrist
  EXPECT_NEAR(each[16], std::exp(-25 / (2 * 4000 * .178 * .178)), 1e-12); // ankle
}

TEST(Evaluation, OnlyLabelledPointsCount) {
  Truth truth = truth_at(100, 100);
  truth.points.v.fill(0);
  truth.points.v[3] = 1;
  Detection detection = detection_at(5000, 5000);
  detection.points.x[3] = detection.points.y[3] = 100;
  EXPECT_EQ(coco::oks(truth, detection.points), 1);
}

TEST(Evaluation, WithoutLabelledPointsTheDoubledBoxDecides) {
  Truth truth = truth_at(0, 0);
  truth.points.v.fill(0);
  truth.box = {100, 100, 50, 50}; // doubled: 50..200
  EXPECT_EQ(coco::oks(truth, detection_at(50, 200).points), 1);
  EXPECT_LT(coco::oks(truth, detection_at(49, 200).points), 1);
}

TEST(Evaluation, WithoutAnAreaOnlyTheSamePlaceCounts) {
  const Truth truth = truth_at(100, 100, 0);
  EXPECT_EQ(coco::oks(truth, detection_at(100, 100).points), 1);
  EXPECT_EQ(coco::oks(truth, detection_at(100.01, 100).points), 0);
}

TEST(Evaluation, AnInfinitelyFarPointIsNotThere) {
  const Truth truth = truth_at(100, 100);
  EXPECT_EQ(coco::oks(truth, detection_at(coco::far_away, coco::far_away).points), 0);
}

TEST(Evaluation, ThemselvesAreScoredOneAndNobodyIsNotAvailable) {
  coco::Evaluation same, nobody;
  for (int frame = 0; frame < 20; ++frame) {
    const Truth truth = truth_at(10. * frame, 5);
    same.add(frame, std::span(&truth, 1), std::array{detection_at(10. * frame, 5)});
    nobody.add(frame, {}, {});
  }
  EXPECT_NEAR(same.scores().stats[0], 1, 1e-12);
  EXPECT_EQ(same.scores().ar95, 1);
  EXPECT_EQ(same.counts().found[9], 20U);
  EXPECT_EQ(same.scores().stats[3], -1); // no person of medium size
  for (const double stat : nobody.scores().stats)
    EXPECT_EQ(stat, -1);
  EXPECT_EQ(nobody.counts().frames_with_nobody, 20U);
}

TEST(Evaluation, OneFailureInAHundredAndOneCostsTheLastRecallPoint) {
  coco::Evaluation evaluation;
  for (int frame = 0; frame < 200; ++frame) {
    const Truth truth = truth_at(100, 100);
    const Detection detection = detection_at(frame == 7 ? 4000 : 100, 100, frame == 7 ? .1 : .9);
    evaluation.add(frame, std::span(&truth, 1), std::span(&detection, 1));
  }
  EXPECT_NEAR(evaluation.scores().stats[0], 100. / 101, 1e-12); // as in the paper's Table 2
  EXPECT_NEAR(evaluation.scores().stats[5], 199. / 200, 1e-12);
  EXPECT_EQ(evaluation.counts().wrong[0], 1U);
}

TEST(People, AbsentPointsAreNotLabelledAndNotDetected) {
  PoseFrame frame{.people = {column(3, 10, 20, 160)}};
  frame.people[0].points[0] = {};
  frame.people[0].points[4].score = .2F;
  coco::LeftOut out;
  const auto truths = truths_of(frame, 5, {.min_score = .2F}, out);
  ASSERT_EQ(truths.size(), 1U);
  EXPECT_EQ(truths[0].id, 3);
  EXPECT_EQ(truths[0].image_id, 5);
  EXPECT_EQ(truths[0].points.v[0], 0);
  EXPECT_EQ(truths[0].points.v[4], 0); // not above min_score
  EXPECT_EQ(truths[0].points.v[5], 2);
  EXPECT_DOUBLE_EQ(truths[0].area, 15 * 150); // points 1..16
  const auto detections = detections_of(frame, 5, {}, out);
  EXPECT_EQ(detections[0].points.x[0], coco::far_away);
  EXPECT_FLOAT_EQ(static_cast<float>(detections[0].score), .9F);
  EXPECT_NEAR(coco::oks(truths[0], detections[0].points), 1, 1e-12);
}

TEST(People, WhoHasNoPointOrNoScaleIsCounted) {
  PoseFrame frame{.people = {column(1, 0, 0, 100), column(2, 50, 0, 100)}};
  for (Keypoint& point : frame.people[0].points)
    point = {};
  frame.people[1].points[5] = {}; // a shoulder: no torso
  coco::LeftOut out;
  const auto truths = truths_of(frame, 0, {.scale = {coco::Scale::torso}}, out);
  EXPECT_EQ(out.without_points, 1U);
  EXPECT_EQ(out.without_scale, 1U);
  ASSERT_EQ(truths.size(), 1U);
  EXPECT_TRUE(truths[0].empty); // ignored, not wrongly scored
}

TEST(People, ScalesAreWhatTheySay) {
  const PoseFrame frame{.people = {column(1, 0, 0, 160)}};
  coco::LeftOut out;
  const auto area = [&](coco::ScaleRule rule) {
    return truths_of(frame, 0, {.scale = rule}, out).at(0).area;
  };
  EXPECT_DOUBLE_EQ(area({}), 16 * 160);
  EXPECT_DOUBLE_EQ(area({coco::Scale::box_053}), .53 * 16 * 160);
  EXPECT_DOUBLE_EQ(area({coco::Scale::fixed, 30}), 900);
  EXPECT_DOUBLE_EQ(area({coco::Scale::torso}),
                   36 + 60 * 60); // points 5, 6 to 11, 12: 6 to the right, 60 down
  EXPECT_THROW((void)area({coco::Scale::fixed, 0}), std::invalid_argument);
  for (const char* name : {"keypoint-box", "box-0.53", "fixed", "torso"})
    EXPECT_STREQ(to_string(coco::scale_named(name)), name);
  EXPECT_THROW((void)coco::scale_named("segmentation"), std::invalid_argument);
  EXPECT_EQ(coco::describe({coco::Scale::fixed, 400}), "fixed (s = 400 px)");
}

TEST(People, ThePrimaryPersonIsTheLargestWhoStays) {
  coco::PrimaryPerson primary;
  EXPECT_FALSE(primary.id());
  for (int i = 0; i < 40; ++i) {
    PoseFrame frame{.people = {column(7, 0, 0, 200), column(8, 100, 0, 120)}};
    if (i == 0)
      frame.people.push_back(column(9, 0, 0, 5000)); // a flash
    primary.add(frame);
  }
  EXPECT_EQ(primary.id(), 7U);
}

TEST(People, KeepingOnlyThePrimaryTakesTheDetectionThatFitsAmongAll) {
  const PoseFrame original{.people = {column(1, 0, 0, 100), column(2, 300, 0, 100)}};
  const PoseFrame deidentified{.people = {column(5, 301, 0, 100), column(6, 2, 0, 100)}};
  coco::LeftOut out;
  auto truths = truths_of(original, 0, {}, out);
  auto detections = detections_of(deidentified, 0, {}, out);
  coco::keep_only(2, truths, detections);
  ASSERT_EQ(truths.size(), 1U);
  ASSERT_EQ(detections.size(), 1U);
  EXPECT_EQ(detections[0].id, 5);
  coco::keep_only(99, truths, detections);
  EXPECT_TRUE(truths.empty() && detections.empty());
}

} // namespace
} // namespace deid::test
