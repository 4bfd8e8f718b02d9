// Displacements and joint angles.
#include "elements/measures/kinematics/angles.hpp"
#include "elements/measures/kinematics/position.hpp"
#include "tests/elements/measures/kinematics/person.hpp"
#include <gtest/gtest.h>
#include <stdexcept>

namespace deid::kinematics {
namespace {

using test::lively;
using test::series;
using test::shift;
using test::standing;

std::vector<Displacement> displaced(const PairedSeries& made) {
  return displacements(CleanSeries(made, {}), {});
}

TEST(Displacement, OfAStreamWithItselfIsZero) {
  const auto found = displaced(series(30, 3, lively));
  ASSERT_EQ(found.size(), 26U);
  EXPECT_EQ(found.back().part, "all points");
  EXPECT_EQ(found.back().n, 25U * 90U);
  for (const Displacement& d : found) {
    for (const Value* value :
         {&d.median, &d.p95, &d.max, &d.rmse, &d.rmse_torso, &d.bias_x, &d.bias_y, &d.jitter})
      EXPECT_EQ(value->get(), 0) << d.part;
    for (const Value& share : d.pck)
      EXPECT_EQ(share.get(), 1);
  }
}

TEST(Displacement, OfAConstantBiasHasNoJitter) {
  auto made = series(30, 2, [](double) { return standing(); });
  for (PairedFrame& frame : made.frames)
    shift(frame.deidentified.points, 3, -4);
  for (const Displacement& d : displaced(made)) {
    EXPECT_EQ(d.bias_x.get(), 3);
    EXPECT_EQ(d.bias_y.get(), -4);
    EXPECT_EQ(d.jitter.get(), 0);
    EXPECT_EQ(d.median.get(), 5);
    EXPECT_EQ(d.p95.get(), 5);
    EXPECT_EQ(d.max.get(), 5);
    EXPECT_EQ(d.rmse.get(), 5);
    EXPECT_NEAR(d.rmse_torso.get(), 5 / test::torso, 1e-12);
    EXPECT_EQ(d.pck[0].get(), 1); // 6.4 px
    EXPECT_EQ(d.added_jitter.why(), "the original does not move at all");
  }
}

TEST(Displacement, CountsWhatIsWithinTheLimits) {
  auto made = series(10, 1, [](double) { return standing(); });
  const float away[] = {0, 6, 6.5, 12, 13, 25, 26, 100, 0, 0}; // limits: 6.4, 12.8, 25.6 px
  for (std::size_t i = 0; i < 10; ++i)
    made.frames[i].deidentified.points[4].x += away[i];
  const Displacement wrist = displaced(made)[4];
  EXPECT_EQ(wrist.part, "right wrist");
  EXPECT_DOUBLE_EQ(wrist.pck[0].get(), .4);
  EXPECT_DOUBLE_EQ(wrist.pck[1].get(), .6);
  EXPECT_DOUBLE_EQ(wrist.pck[2].get(), .8);
  EXPECT_DOUBLE_EQ(wrist.median.get(), 9.25);
  EXPECT_DOUBLE_EQ(wrist.max.get(), 100);
  EXPECT_NEAR(wrist.p95.get(), 26 + .55 * 74, 1e-9); // numpy.percentile
}

TEST(Displacement, JitterIsTheSpreadOfTheDifference) {
  auto made = series(10, .4, [](double) { return standing(); });
  for (std::size_t i = 0; i < 4; ++i)
    made.frames[i].deidentified.points[0].x += i % 2 ? 3.F : 1.F;
  const Displacement nose = displaced(made)[0];
  EXPECT_EQ(nose.bias_x.get(), 2);
  EXPECT_DOUBLE_EQ(nose.jitter.get(), std::sqrt(4. / 3));
}

TEST(Displacement, SeesAddedFlickerAndOnlyWhereTheOriginalStands) {
  auto made = series(30, 4, [](double t) {
    auto points = standing();
    points[4].x += test::wave(1, 5, t);
    points[7].x += static_cast<float>(200 * t); // travels
    return points;
  });
  for (PairedFrame& frame : made.frames)
    for (const std::size_t wrist : {4U, 7U})
      frame.deidentified.points[wrist].x +=
          frame.deidentified.points[wrist].x - made.frames[0].original.points[wrist].x;
  const auto found = displaced(made);
  EXPECT_NEAR(found[4].added_jitter.get(), 2, .01);
  EXPECT_EQ(found[4].still, 118U);
  EXPECT_EQ(found[7].added_jitter.why(), "the point is never still for three frames");
}

TEST(Displacement, WithoutAPairSaysSo) {
  auto made = series(30, 1, lively);
  for (PairedFrame& frame : made.frames) {
    frame.deidentified.points[3].present = false;
    for (const std::size_t shoulder : {1U, 2U, 5U})
      frame.original.points[shoulder].present = false;
  }
  const auto found = displaced(made);
  EXPECT_EQ(found[3].n, 0U);
  EXPECT_EQ(found[3].rmse.why(), "no frame has the point in both streams");
  EXPECT_EQ(found[0].rmse.get(), 0);
  EXPECT_EQ(found[0].rmse_torso.why(), "shoulders and hips were never seen together in the original");
  EXPECT_FALSE(found[0].pck[0].known());
}

const AngleError& named(const std::vector<AngleError>& all, const std::string& part) {
  const auto found = std::ranges::find(all, part, &AngleError::part);
  if (found == all.end())
    throw std::runtime_error("no angle " + part);
  return *found;
}

/// The left forearm turned by `degrees` about its elbow, from hanging straight down.
void turn_forearm(std::vector<Keypoint>& points, double degrees) {
  const double turn = degrees * std::numbers::pi / 180;
  points[7].x = points[6].x - static_cast<float>(64 * std::sin(turn));
  points[7].y = points[6].y + static_cast<float>(64 * std::cos(turn));
}

PairedSeries bending(double wrong) {
  auto made = series(30, 4, [](double) { return standing(); });
  for (std::size_t i = 0; i < made.frames.size(); ++i) {
    const double angle = 40 * std::sin(2 * std::numbers::pi * .5 * static_cast<double>(i) / 30);
    for (View* view : {&made.frames[i].original, &made.frames[i].deidentified}) {
      view->points[6] = view->points[5]; // upper arm straight down too
      view->points[6].y += 64;
    }
    turn_forearm(made.frames[i].original.points, angle);
    turn_forearm(made.frames[i].deidentified.points, angle + wrong);
  }
  return made;
}

TEST(Angles, OfAStreamWithItselfDoNotDiffer) {
  const auto all = angle_errors(CleanSeries(series(30, 3, lively), {}), {});
  ASSERT_EQ(all.size(), angle_names().size());
  for (const AngleError& a : all) {
    EXPECT_EQ(a.n, 90U) << a.part;
    EXPECT_EQ(a.mae.get(), 0);
    EXPECT_EQ(a.rmse.get(), 0);
    EXPECT_EQ(a.range.difference().get(), 0);
    EXPECT_EQ(a.velocity_rmse.get(), 0);
    EXPECT_EQ(a.velocity_ratio.get(), 1);
  }
}

TEST(Angles, OfABendingElbow) {
  // Goes through the stretched arm, where the angle jumps from 180 to -180.
  const auto all = angle_errors(CleanSeries(bending(7), {}), {});
  const AngleError& elbow = named(all, "left elbow");
  EXPECT_NEAR(elbow.mae.get(), 7, 1e-3);
  EXPECT_NEAR(elbow.rmse.get(), 7, 1e-3);
  EXPECT_NEAR(elbow.range.original.get(), 80, .2);
  EXPECT_NEAR(elbow.range.deidentified.get(), 80, .2);
  EXPECT_NEAR(elbow.peak_velocity.original.get(), 40 * std::numbers::pi, .5);
  EXPECT_NEAR(elbow.velocity_rmse.get(), 0, .01);
  EXPECT_EQ(named(all, "right elbow").mae.get(), 0);
}

TEST(Angles, AreTheOnesDrawn) {
  auto made = series(30, .1, [](double) {
    auto points = standing();
    points[16].y -= 12;              // left eye, 12 px from the right one, 12 px higher
    points[1] = {356, 100, 1, true}; // neck 56 px to the right, trunk leans
    points[17] = {346, 60, 1, true};
    points[18] = {366, 60, 1, true}; // ears right above it
    return points;
  });
  const CleanSeries clean(made, {});
  EXPECT_NEAR(angle(clean, "head tilt by the eyes")[0].original, -45, 1e-9);
  const double lean = std::atan2(56., 128.) * 180 / std::numbers::pi;
  EXPECT_NEAR(angle(clean, "trunk lean")[0].original, lean, 1e-5);
  EXPECT_NEAR(angle(clean, "neck flexion")[0].original, -lean, 1e-5);
  EXPECT_NEAR(std::abs(angle(clean, "right knee")[0].original), 180, 1e-9);
  EXPECT_THROW((void)angle(clean, "left ego"), std::invalid_argument);
}

TEST(Angles, HaveNoVelocityAcrossAGap) {
  auto made = bending(0);
  for (std::size_t i = 60; i < made.frames.size(); ++i)
    made.frames[i].pts += 2'000'000'000;
  EXPECT_EQ(named(angle_errors(CleanSeries(made, {}), {}), "left elbow").velocities, 118U - 2U);
}

TEST(Angles, OfPointsInOnePlaceAreNotThere) {
  const auto made = series(30, 1, [](double) { return std::vector<Keypoint>(25, {5, 5, 1, true}); });
  for (const AngleError& a : angle_errors(CleanSeries(made, {}), {})) {
    EXPECT_EQ(a.n, 0U);
    EXPECT_EQ(a.mae.why(), "no frame has all its points in both streams");
  }
}

} // namespace
} // namespace deid::kinematics
