#include "elements/faceswap/mesh.hpp"
#include "elements/faceswap/swap.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <random>

namespace deid::faceswap {
namespace {

cv::Mat region(const std::vector<cv::Point3f>& points, cv::Size size) {
  std::vector<cv::Point> hull, all;
  for (const cv::Point3f& p : points)
    all.emplace_back(cvRound(p.x - 0.5F), cvRound(p.y - 0.5F));
  cv::convexHull(all, hull);
  cv::Mat mask(size, CV_8UC1, cv::Scalar(0));
  cv::fillConvexPoly(mask, hull, cv::Scalar(255));
  return mask;
}

double worst(const cv::Mat& a, const cv::Mat& b, const cv::Mat& where) {
  return cv::norm(a, b, cv::NORM_INF, where);
}

TEST(Warp, OntoItsOwnLandmarksATargetIsItself) {
  const Target target = test::nobody();
  const Texture texture(target);
  cv::Mat rgb, shown;
  texture.draw(texture.points(), target.image.size(), rgb, shown);
  EXPECT_EQ(rgb.type(), CV_8UC3);
  EXPECT_GT(cv::countNonZero(shown), 70 * 90 * 0.7);
  EXPECT_LE(worst(rgb, target.image, shown), 2);
}

TEST(Warp, FollowsTheSubjectsMesh) {
  const Target target = test::nobody();
  const Texture texture(target);
  std::vector<cv::Point3f> moved = texture.points(); // twice as large and 30 px away
  for (cv::Point3f& p : moved)
    p = {2 * p.x + 30, 2 * p.y + 12, 2 * p.z};
  cv::Mat rgb, shown, want;
  texture.draw(moved, {260, 300}, rgb, shown);
  const cv::Matx23f there(2, 0, 30.5F, 0, 2, 12.5F); // pixel middles
  cv::warpAffine(target.image, want, there, {260, 300}, cv::INTER_LINEAR);
  cv::Mat inner;
  cv::erode(shown, inner, cv::Mat::ones(5, 5, CV_8U));
  EXPECT_GT(cv::countNonZero(inner), 4 * 70 * 90 * 0.6);
  EXPECT_LE(worst(rgb, want, inner), 4);
}

TEST(Warp, TrianglesThatLookAwayAreNotDrawn) {
  const Texture texture(test::nobody());
  cv::Mat rgb, shown;
  texture.draw(texture.points(), {96, 128}, rgb, shown);
  const int before = cv::countNonZero(shown);
  std::vector<cv::Point3f> mirrored = texture.points();
  for (cv::Point3f& p : mirrored)
    p.x = 96 - p.x;
  texture.draw(mirrored, {96, 128}, rgb, shown);
  // the lips of this made-up mesh are not one above the other, and its triangles there lie the wrong way
  // round
  EXPECT_LT(cv::countNonZero(shown), before / 4);
}

TEST(Warp, WhatIsNoMeshIsNoTexture) {
  Target target = test::nobody();
  for (std::size_t i = 0; i < target.landmarks.size(); ++i)
    target.landmarks[i] = {i % 2 == 0 ? 10.F : 80.F, i % 3 == 0 ? 20.F : 100.F, 0};
  EXPECT_THROW(Texture{target}, TargetError);
}

TEST(Color, TheTransferTakesMeanSpreadAndLightAlong) {
  std::mt19937 random(5);
  std::normal_distribution<double> noise(0, 1);
  std::vector<cv::Vec3b> from, to;
  std::vector<cv::Point2f> places;
  for (int i = 0; i < 4000; ++i) {
    const cv::Point2f p(static_cast<float>(i % 63) / 63 - 0.5F, static_cast<float>(i % 41) / 41 - 0.5F);
    const double a = noise(random), b = noise(random), c = noise(random);
    from.emplace_back(cv::Vec3d(120 + 12 * a, 110 + 8 * a + 5 * b, 100 + 3 * b + 4 * c));
    to.emplace_back(cv::Vec3d(150 + 40 * p.x + 8 * b, 100 + 25 * p.x + 10 * a, 80 - 20 * p.y + 6 * c));
    places.push_back(p);
  }
  const Palette want = palette_of(to, places);
  EXPECT_NEAR(want.slope(0, 0), 40, 2);
  EXPECT_NEAR(want.slope(2, 1), -20, 2);
  const Transfer move = transfer(palette_of(from, places), want);
  std::vector<cv::Vec3b> moved;
  for (std::size_t i = 0; i < from.size(); ++i) {
    cv::Mat pixel(1, 1, CV_8UC3, cv::Scalar(from[i]));
    apply(move, cv::Point2f(0.5F, 0.5F) - places[i] * 100, 100, cv::Mat::ones(1, 1, CV_8U), pixel);
    moved.push_back(pixel.at<cv::Vec3b>(0, 0));
  }
  const Palette have = palette_of(moved, places);
  EXPECT_LT(cv::norm(have.mean - want.mean), 1);
  EXPECT_LT(cv::norm(have.slope - want.slope), 2);
  // not exact: noise is taken into account, and the gain has bounds
  EXPECT_LT(cv::norm(have.covariance - want.covariance), 0.25 * cv::norm(want.covariance));
}

TEST(Color, PicturesOfOneColourAreFine) {
  const std::vector<cv::Vec3b> gray(50, {90, 90, 90}), red(50, {200, 30, 20});
  const std::vector<cv::Point2f> places(50);
  const Transfer move = transfer(palette_of(gray, places), palette_of(red, places));
  cv::Mat pixel(1, 1, CV_8UC3, cv::Scalar::all(90));
  apply(move, {0, 0}, 1, cv::Mat::ones(1, 1, CV_8U), pixel);
  EXPECT_EQ(pixel.at<cv::Vec3b>(0, 0), cv::Vec3b(200, 30, 20));
  EXPECT_THROW(palette_of({}, {}), std::invalid_argument);
}

class Draw : public testing::Test {
protected:
  const Texture texture_{test::nobody()};
  const FaceRegion face_ = test::mesh_face({60, 50, 70, 90});
  const cv::Mat frame_ = test::textured({200, 180}, 2);
  DrawOptions options_;
  Memory memory_;
};

TEST_F(Draw, StaysInsideTheFace) {
  for (const float feather : {0.F, 0.03F, 0.3F}) {
    options_.feather = feather;
    const Picture picture = draw(texture_, frame_, {0, 0}, face_.landmarks, options_, memory_);
    cv::Mat inside = region(with_forehead(face_.landmarks, forehead_reach), frame_.size());
    cv::Mat around; // seven hundredths of a face of 70 x 90, seen from its eyes and mouth
    cv::dilate(inside, around, cv::Mat::ones(13, 13, CV_8U));
    EXPECT_EQ(cv::countNonZero(picture.alpha & ~around), 0) << feather;
    if (feather < 0.1F) {
      EXPECT_GT(cv::countNonZero(picture.alpha == 255), 0.6 * cv::countNonZero(inside)) << feather;
    }
  }
}

TEST_F(Draw, TakesTheSubjectsColour) {
  cv::Mat green(frame_.size(), CV_8UC3, cv::Scalar(40, 160, 90));
  options_.own_parts = true;
  const Picture picture = draw(texture_, green, {0, 0}, face_.landmarks, options_, memory_);
  const cv::Scalar mean = cv::mean(picture.rgb, picture.alpha == 255);
  EXPECT_NEAR(mean[0], 40, 12);
  EXPECT_NEAR(mean[1], 160, 12);
  EXPECT_NEAR(mean[2], 90, 12);
}

TEST_F(Draw, KeepsOwnEyesWhenAskedAndNothingOfItsOwnWhenUnsure) {
  // the test's face has its eye points on ovals, so that they enclose pixels
  cv::Mat eye(frame_.size(), CV_8UC1, cv::Scalar(0));
  std::vector<cv::Point> outline;
  for (const cv::Point2f& p : pick(face_.landmarks, part::left_eye()))
    outline.emplace_back(p);
  cv::fillPoly(eye, std::vector<std::vector<cv::Point>>{outline}, cv::Scalar(255));
  ASSERT_GT(cv::countNonZero(eye), 50);
  const auto likeness = [&](Eyes eyes, bool own) {
    options_.eyes = eyes;
    options_.own_parts = own;
    Memory memory;
    const Picture picture = draw(texture_, frame_, {0, 0}, face_.landmarks, options_, memory);
    return cv::norm(picture.rgb, frame_, cv::NORM_L1, eye) / cv::countNonZero(eye);
  };
  EXPECT_LT(likeness(Eyes::own, true), likeness(Eyes::target, true));
}

TEST_F(Draw, APartOfTheFrameGivesTheSamePicture) {
  const cv::Rect part(40, 20, 120, 150);
  Memory other;
  const Picture whole = draw(texture_, frame_, {0, 0}, face_.landmarks, options_, memory_);
  const Picture cut = draw(texture_, frame_(part), part.tl(), face_.landmarks, options_, other);
  EXPECT_LE(worst(whole.alpha(part), cut.alpha, cv::Mat()), 1);
  EXPECT_LE(worst(whole.rgb(part), cut.rgb, cut.alpha > 0), 2);
}

TEST_F(Draw, RefusesWhatIsNoFace) {
  auto landmarks = face_.landmarks;
  landmarks[3].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(draw(texture_, frame_, {0, 0}, landmarks, options_, memory_), std::invalid_argument);
  landmarks.pop_back();
  EXPECT_THROW(draw(texture_, frame_, {0, 0}, landmarks, options_, memory_), std::invalid_argument);
  EXPECT_THROW(draw(texture_, cv::Mat(), {0, 0}, face_.landmarks, options_, memory_), std::invalid_argument);
  const std::vector<cv::Point3f> point(468, {5, 5, 0});
  EXPECT_EQ(cv::countNonZero(draw(texture_, frame_, {0, 0}, point, options_, memory_).alpha), 0);
}

} // namespace
} // namespace deid::faceswap
