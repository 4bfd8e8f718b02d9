// How far a new skin is from the old one, and where ears go.
#include "elements/mriremodel/placement.hpp"
#include "tests/elements/mriremodel/ball.hpp"
#include <gtest/gtest.h>

namespace deid::mriremodel {
namespace {

TEST(OldSkin, MeasuresHowFarANewSkinIs) {
  const Ball ball;
  const Subject subject = ball.subject();
  const OldSkin old(subject);
  Comparison found;
  old.compare(ball_field(radius), found);
  EXPECT_LT(found.apart, 0.7);
  EXPECT_GT(found.near, 0.99);
  old.compare(ball_field(radius + 4, 2), found);
  EXPECT_NEAR(found.apart, 4, 0.3);
  EXPECT_NEAR(found.far, 4, 0.8);
  EXPECT_LT(found.near, 0.01);
}

/// Twice as large in the template's world, so that the ball has places where ears are.
Subject large_subject(const Ball& ball) {
  Subject subject = ball.subject();
  for (std::size_t axis = 0; axis < 3; ++axis)
    subject.found.map[axis][axis] = 0.5;
  subject.back = volume::inverse(subject.found.map);
  return subject;
}

TEST(Ears, MoveAlongTheSideAndTheFaceStays) {
  const Ball ball;
  const Subject subject = large_subject(ball);
  const Point ear{39, -5, -10}, other_ear{-39, -5, -10}, nose{0, 40, -10}, top{10, 0, 39};
  bool moved = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Mesh mesh{{ear, other_ear, nose, top}, {}};
    move_ears(mesh, subject, seed);
    EXPECT_NEAR(volume::distance(mesh.vertices[2], nose), 0, 1e-9);
    EXPECT_NEAR(volume::distance(mesh.vertices[3], top), 0, 1e-9);
    EXPECT_NEAR(mesh.vertices[0][0], ear[0], 1e-9) << "not away from the head";
    EXPECT_NEAR(mesh.vertices[0][1], mesh.vertices[1][1], 1e-9) << "both alike";
    EXPECT_LE(volume::distance(mesh.vertices[0], ear), 5.7) << "8 mm of the template each way";
    moved = moved || volume::distance(mesh.vertices[0], ear) > 2;
  }
  EXPECT_TRUE(moved);
}

TEST(OldSkin, EarsAreMeasuredByThemselves) {
  const Ball ball;
  Subject subject = large_subject(ball);
  std::ranges::fill(subject.fields.weight.values, 1.F); // the ball's own weight begins before its ears
  Comparison found;
  OldSkin(subject).compare(ball_field(radius + 3, 2), found);
  EXPECT_NEAR(found.ears, 3, 0.4);
  EXPECT_LT(found.ears_near, 0.01);
}

} // namespace
} // namespace deid::mriremodel
