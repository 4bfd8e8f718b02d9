#include "elements/faceswap/drawing/correction.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace deid::faceswap {
namespace {

using Points = std::vector<cv::Point3f>;

/// Rotates about the origin, scales and shifts points.
Points placed(const Points& points, float angle, float scale, cv::Point2f by) {
  const float c = scale * std::cos(angle), s = scale * std::sin(angle);
  Points result;
  for (const cv::Point3f& p : points)
    result.emplace_back(c * p.x - s * p.y + by.x, s * p.x + c * p.y + by.y, p.z);
  return result;
}

/// A landmarker that finds brows 2 px too high.
Points brows_high(Points points, float by = 2) {
  for (const auto* part : {&part::right_brow(), &part::left_brow()})
    for (const int i : *part)
      points[static_cast<std::size_t>(i)].y -= by;
  return points;
}

double apart(const cv::Point3f& a, const cv::Point3f& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

constexpr std::size_t brow = 105, lip = 13, eye = 159;

TEST(Correction, LeavesTheMeshAloneUntilItHasLearnt) {
  const Points face = test::real_meshes().at(0);
  Correction correction;
  EXPECT_EQ(correction.looks(), 0);
  EXPECT_EQ(correction.applied(face), face);
}

TEST(Correction, MakesUpForWhatIsSeenDisplaced) {
  const Points face = test::real_meshes().at(0);
  Correction correction;
  for (int look = 0; look < 6; ++look)
    ASSERT_TRUE(correction.learn(face, brows_high(correction.applied(face)), .8F));
  const Points seen = brows_high(correction.applied(face));
  EXPECT_EQ(correction.looks(), 6);
  EXPECT_LT(apart(seen[brow], face[brow]), .1);
}

TEST(Correction, DoesNotMoveEyesAndMouth) {
  const Points face = test::real_meshes().at(0);
  Points wrong = face;
  for (cv::Point3f& p : wrong)
    p.y -= 1.5F;
  Correction correction;
  ASSERT_TRUE(correction.learn(face, wrong, 1));
  const Points drawn = correction.applied(face);
  EXPECT_EQ(apart(drawn[lip], face[lip]), 0);
  EXPECT_EQ(apart(drawn[eye], face[eye]), 0);
  EXPECT_NEAR(drawn[152].y - face[152].y, 1.5, 1e-3) << "the chin is far from both";
}

TEST(Correction, GoesWithTheHead) {
  const Points face = test::real_meshes().at(0);
  Correction correction;
  ASSERT_TRUE(correction.learn(face, brows_high(face), 1));
  const Points here = correction.applied(face);
  const Points elsewhere = placed(face, .6F, 2.5F, {300, -40});
  const Points there = correction.applied(elsewhere), expected = placed(here, .6F, 2.5F, {300, -40});
  for (std::size_t i = 0; i < there.size(); ++i)
    EXPECT_LT(apart(there[i], expected[i]), .02) << i;
}

TEST(Correction, PassesOverWhatCannotBeThisFace) {
  const Points face = test::real_meshes().at(0);
  Correction correction;
  EXPECT_FALSE(correction.learn(face, placed(face, 0, 1, {1000, 0}), .8F));
  EXPECT_FALSE(correction.learn(face, Points(face.begin(), face.end() - 1), .8F));
  EXPECT_FALSE(correction.learn({}, face, .8F));
  Points none = face;
  none[7].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(correction.learn(face, none, .8F));
  EXPECT_EQ(correction.looks(), 0);
  EXPECT_EQ(correction.applied(face), face);
}

TEST(Correction, NeverMovesAPointFar) {
  const Points face = test::real_meshes().at(0);
  Correction correction;
  for (int look = 0; look < 100; ++look)
    correction.learn(face, brows_high(face, 3), .8F); // found there whatever is drawn
  const float size = static_cast<float>(apart(face[234], face[454]));
  const Points drawn = correction.applied(face);
  for (std::size_t i = 0; i < drawn.size(); ++i)
    EXPECT_LE(apart(drawn[i], face[i]), .07 * static_cast<double>(size)) << i;
  EXPECT_GT(apart(drawn[brow], face[brow]), .03 * static_cast<double>(size));
}

} // namespace
} // namespace deid::faceswap
