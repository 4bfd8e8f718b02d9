// Eyes and mouth of a drawn face mesh.
#include "elements/measures/kinematics/face_dynamics.hpp"
#include "tests/elements/measures/kinematics/person.hpp"
#include <gtest/gtest.h>

namespace deid::kinematics {
namespace {

/// A mesh with eyes 20 px wide, open by `eyes` of this width, and lips `mouth` px apart; outer corners 100
/// px.
std::vector<cv::Point2f> face(float eyes, float mouth) {
  std::vector<cv::Point2f> points(468, {100, 100});
  const auto eye = [&](std::array<std::size_t, 6> p, float x) {
    const float lid = eyes * 10;
    points[p[0]] = {x, 50};
    points[p[1]] = {x + 6, 50 - lid};
    points[p[2]] = {x + 14, 50 - lid};
    points[p[3]] = {x + 20, 50};
    points[p[4]] = {x + 14, 50 + lid};
    points[p[5]] = {x + 6, 50 + lid};
  };
  eye({33, 160, 158, 133, 153, 144}, 50);
  eye({362, 385, 387, 263, 373, 380}, 130);
  points[13] = {100, 120};
  points[14] = {100, 120 + mouth};
  return points;
}

/// Half a minute; blinks of .2 s at 5, 10, … 25 s, with the mouth opening and closing.
PairedSeries talking() {
  PairedSeries made{.set = KeypointSet::coco17};
  for (int i = 0; i < 900; ++i) {
    const double t = i / 30.;
    const double since = std::fmod(t, 5);
    const bool closed = t > 4 && since < .199;
    const auto mesh = face(closed ? .05F : .3F, 10 + test::wave(5, .8, t));
    PairedFrame frame{.pts = test::nanoseconds(t)};
    frame.original.face = frame.deidentified.face = mesh;
    made.frames.push_back(frame);
  }
  return made;
}

FaceDynamics dynamics(const PairedSeries& made) {
  return face_dynamics(CleanSeries(made, {}), {});
}

TEST(FaceDynamics, OfAStreamWithItselfAreTheSame) {
  const FaceDynamics f = dynamics(talking());
  EXPECT_EQ(f.n, 900U);
  ASSERT_EQ(f.figures.size(), 3U);
  EXPECT_NEAR(f.figures[0].mean.original.get(), .3 - .25 * 30 / 900, 1e-3);
  EXPECT_NEAR(f.figures[2].mean.original.get(), .1, 1e-3);
  for (const FaceFigure& figure : f.figures) {
    EXPECT_EQ(figure.agreement.bias.get(), 0);
    EXPECT_NEAR(figure.agreement.pearson.get(), 1, 1e-12);
  }
  EXPECT_EQ(f.blinks.original.get(), 5);
  EXPECT_NEAR(f.blink_rate.original.get(), 10, .1);
  EXPECT_EQ(f.events.f1.get(), 1);
}

TEST(FaceDynamics, SeeLostBlinksAndAFrozenMouth) {
  auto made = talking();
  for (PairedFrame& frame : made.frames)
    frame.deidentified.face = face(.3F, 10);
  const FaceDynamics f = dynamics(made);
  EXPECT_EQ(f.blinks.deidentified.get(), 0);
  EXPECT_EQ(f.events.missed, 5U);
  EXPECT_EQ(f.figures[2].agreement.pearson.why(), "the values do not vary");
  EXPECT_NEAR(f.figures[2].agreement.bias.get(), 0, 1e-3);
}

TEST(FaceDynamics, DoNotCountClosedEyesAsBlinks) {
  auto made = talking();
  for (std::size_t i = 0; i < made.frames.size(); ++i)
    if (i < 20 || (i > 200 && i < 260)) // closed at the start, and for 2 s
      made.frames[i].deidentified.face = face(.05F, 10);
  EXPECT_EQ(dynamics(made).blinks.deidentified.get(), 5);
}

TEST(FaceDynamics, SayWhatIsMissing) {
  EXPECT_EQ(dynamics({}).why, "no frame has the 468 points of the face mesh in both streams");
  auto made = talking();
  for (PairedFrame& frame : made.frames)
    frame.deidentified.face[7].x = NAN;
  EXPECT_FALSE(dynamics(made).why.empty());
  EXPECT_EQ(CleanSeries(made, {}).exclusions().not_finite_deidentified, 900U);
  for (PairedFrame& frame : made.frames)
    frame.original.face = frame.deidentified.face = std::vector<cv::Point2f>(468, {3, 3});
  const FaceDynamics flat = dynamics(made);
  EXPECT_EQ(flat.figures[0].mean.original.why(), "no frame shows the feature");
  EXPECT_EQ(flat.blink_rate.original.why(), "the face was seen in single frames only");
}

} // namespace
} // namespace deid::kinematics
