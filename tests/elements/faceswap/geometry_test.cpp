#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>

namespace deid::faceswap {
namespace {

using Face = std::vector<cv::Point3f>;

/// A face like another, but with a lower mouth, a longer nose, eyes farther apart and a wider jaw.
Face another(const Face& face) {
  const auto unit = static_cast<float>(eye_distance(face));
  Face out = face;
  const auto shift = [&](const std::vector<int>& which, cv::Point3f by) {
    for (const int i : which)
      out[static_cast<std::size_t>(i)] += by * unit;
  };
  shift(part::lips(), {0, 0.08F, 0});
  shift(part::right_eye(), {-0.05F, 0, 0});
  shift(part::left_eye(), {0.05F, 0, 0});
  shift({1, 2, 4, 19, 94}, {0, 0.05F, 0});
  shift({58, 172, 136, 150}, {-0.06F, 0, 0});
  shift({288, 397, 365, 379}, {0.06F, 0, 0});
  return out;
}

cv::Point3f middle(const Face& face, const std::vector<int>& which) {
  cv::Point3f sum;
  for (const int i : which)
    sum += face[static_cast<std::size_t>(i)];
  return sum * (1.F / static_cast<float>(which.size()));
}

class MovedFeatures : public testing::Test {
protected:
  const Face face_ = test::real_meshes().front();
  const Face other_ = another(face_);
  const Geometry geometry_{other_};
  const double unit_ = eye_distance(face_);
  RestShape rest_;
  double away(const Face& a, const Face& b, const std::vector<int>& which) const {
    return cv::norm(middle(a, which) - middle(b, which)) / unit_;
  }
};

TEST_F(MovedFeatures, NothingMovesAtZero) {
  EXPECT_EQ(geometry_.moved(face_, 0, rest_), face_);
}

TEST_F(MovedFeatures, AreTheTargetsAtOne) {
  const Face moved = geometry_.moved(face_, 1, rest_);
  const std::vector<int> jaw{172, 136, 150}, nose{1, 4, 19};
  for (const auto* part : {&part::lips(), &part::right_eye(), &part::left_eye(), &jaw, &nose}) {
    EXPECT_GT(away(face_, other_, *part), 0.04);
    EXPECT_LT(away(moved, other_, *part), 0.02);
  }
}

TEST_F(MovedFeatures, TheOutlineStaysUpToAHalf) {
  const Face half = geometry_.moved(face_, 0.5F, rest_);
  for (const int i : part::oval())
    EXPECT_LT(cv::norm(half[static_cast<std::size_t>(i)] - face_[static_cast<std::size_t>(i)]), 1e-3);
  EXPECT_NEAR(away(half, face_, part::lips()), 0.04, 0.015);
}

TEST_F(MovedFeatures, GoWithTheHeadHoweverItIsHeld) {
  const float turn = 0.4F;
  Face held;
  for (const cv::Point3f& p : face_)
    held.emplace_back(2 * (p.x * std::cos(turn) - p.y * std::sin(turn)) + 90,
                      2 * (p.x * std::sin(turn) + p.y * std::cos(turn)) - 30, 2 * p.z);
  RestShape other;
  const Face upright = geometry_.moved(face_, 1, rest_), moved = geometry_.moved(held, 1, other);
  for (const int i : {4, 13, 33, 150, 263}) {
    const cv::Point3f& p = upright[static_cast<std::size_t>(i)];
    const cv::Point3f want(2 * (p.x * std::cos(turn) - p.y * std::sin(turn)) + 90,
                           2 * (p.x * std::sin(turn) + p.y * std::cos(turn)) - 30, 2 * p.z);
    EXPECT_LT(cv::norm(moved[static_cast<std::size_t>(i)] - want), 0.5) << i;
  }
}

TEST_F(MovedFeatures, ExpressionKeepsItsMeasure) {
  for (int i = 0; i < 40; ++i)
    (void)geometry_.moved(face_, 1, rest_);
  const Face quiet = geometry_.moved(face_, 1, rest_);
  Face talking = face_;
  for (const int i : {14, 87, 317, 17})
    talking[static_cast<std::size_t>(i)].y += static_cast<float>(0.15 * unit_);
  const Face moved = geometry_.moved(talking, 1, rest_);
  const double opened = gap(talking, 13, 14) - gap(face_, 13, 14);
  EXPECT_GT(opened, 0.1 * unit_);
  EXPECT_NEAR(gap(moved, 13, 14) - gap(quiet, 13, 14), opened, 0.1 * opened);
}

TEST_F(MovedFeatures, APointIsNoFace) {
  const Face point(468, {3, 4, 5});
  EXPECT_EQ(geometry_.moved(point, 1, rest_), point);
  EXPECT_THROW(Geometry(Face(467)), std::invalid_argument);
}

} // namespace
} // namespace deid::faceswap
