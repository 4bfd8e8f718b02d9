// The stages of the mesh painter: the target's colours, the places of its features, and the drawing.
#include "elements/faceswap/drawing/even_hue.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/stages/correction.hpp"
#include "elements/faceswap/drawing/stages/geometry.hpp"
#include "elements/faceswap/drawing/stages/mouth.hpp"
#include "elements/faceswap/drawing/stages/tint.hpp"
#include "elements/faceswap/drawing/stages/warp.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {
namespace {

/// Well within the face: the outline takes its colours from further inside.
cv::Mat well_inside(const Points& points, cv::Size size) {
  const int rim = cvRound(0.15 * face_size(points));
  cv::Mat inner;
  cv::erode(face_area(points, size), inner, cv::Mat::ones(2 * rim + 1, 2 * rim + 1, CV_8U));
  return inner;
}

double worst(const cv::Mat& a, const cv::Mat& b, const cv::Mat& where) {
  return cv::norm(a, b, cv::NORM_INF, where);
}

Drawn drawn(const Texture& texture, const Points& points) {
  return stage::warp({texture, points, test::real_size(), {}});
}

TEST(Warp, OntoItsOwnLandmarksATargetIsItself) {
  const Texture texture(test::made_of(test::real_meshes().front(), test::textured(test::real_size())));
  const auto [rgb, shown] = drawn(texture, texture.points());
  EXPECT_EQ(rgb.type(), CV_8UC3);
  const cv::Mat face = face_area(texture.points(), test::real_size());
  EXPECT_GT(cv::countNonZero(shown & face), 0.98 * cv::countNonZero(face));
  const cv::Mat inner = well_inside(texture.points(), test::real_size());
  EXPECT_GT(cv::countNonZero(inner), 3000);
  EXPECT_LE(worst(rgb, texture.image(), inner), 2);
}

TEST(Warp, FollowsTheSubjectsMesh) {
  const Texture texture(test::made_of(test::real_meshes().front(), test::textured(test::real_size())));
  Points moved = texture.points(); // larger and away
  for (cv::Point3f& p : moved)
    p = {1.5F * p.x - 200, 1.5F * p.y - 40, 1.5F * p.z};
  const cv::Size size(700, 500);
  const cv::Mat rgb = stage::warp({texture, moved, size, {}}).rgb;
  cv::Mat want;
  const cv::Matx23f there(1.5F, 0, 0.25F - 200, 0, 1.5F, 0.25F - 40); // pixel middles
  cv::warpAffine(texture.image(), want, there, size, cv::INTER_LINEAR);
  const cv::Mat inner = well_inside(moved, size);
  EXPECT_GT(cv::countNonZero(inner), 5000);
  EXPECT_LE(worst(rgb, want, inner), 4);
}

TEST(Warp, TintsEveryPointAsAsked) {
  const Texture texture(test::made_of(test::real_meshes().front(),
                                      cv::Mat(test::real_size(), CV_8UC3, cv::Scalar(100, 80, 60))));
  Tint tint{cv::Matx33f::eye() * 0.5F, {}};
  for (const cv::Point3f& p : texture.points())
    tint.offset.emplace_back(10, p.x / 10, p.y / 10);
  const auto [rgb, shown] = stage::warp({texture, texture.points(), test::real_size(), tint});
  const cv::Point nose(texture.points()[4].x, texture.points()[4].y);
  ASSERT_NE(shown.at<std::uint8_t>(nose), 0);
  const auto& c = rgb.at<cv::Vec3b>(nose);
  EXPECT_NEAR(c[0], 60, 1);
  EXPECT_NEAR(c[1], 40 + nose.x / 10.0, 1.2);
  EXPECT_NEAR(c[2], 30 + nose.y / 10.0, 1.2);
}

TEST(Warp, TrianglesThatLookAwayAreNotDrawn) {
  const Texture texture(test::made_of(test::real_meshes().front(), test::textured(test::real_size())));
  const int before = cv::countNonZero(drawn(texture, texture.points()).shown);
  Points mirrored = texture.points();
  for (cv::Point3f& p : mirrored)
    p.x = 640 - p.x;
  EXPECT_LT(cv::countNonZero(drawn(texture, mirrored).shown), before / 50);
}

TEST(Warp, AFringeOfTheTargetIsNotHandedOn) {
  const auto mesh = test::real_meshes().front();
  cv::Mat picture(test::real_size(), CV_8UC3, cv::Scalar(190, 150, 130));
  const auto points = with_forehead(mesh, 0.01F);
  const cv::Point between((points[107].x + points[336].x) / 2, (points[10].y * 2 + points[151].y) / 3);
  cv::ellipse(picture, between, {20, 8}, 0, 0, 360, cv::Scalar(30, 20, 10), cv::FILLED);
  const Texture texture(test::made_of(mesh, picture));
  cv::Mat face;
  cv::erode(face_area(points, picture.size()), face, cv::Mat::ones(5, 5, CV_8U));
  EXPECT_GT(worst(picture, cv::Mat(picture.size(), CV_8UC3, cv::Scalar(190, 150, 130)), face), 100);
  EXPECT_LT(worst(texture.image(), cv::Mat(picture.size(), CV_8UC3, cv::Scalar(190, 150, 130)), face), 25);
}

TEST(Warp, WhatIsNoMeshIsNoTexture) {
  Target target = test::nobody();
  for (std::size_t i = 0; i < target.landmarks.size(); ++i)
    target.landmarks[i] = {i % 2 == 0 ? 10.F : 80.F, i % 3 == 0 ? 20.F : 100.F, 0};
  EXPECT_THROW(Texture{target}, TargetError);
}

class MeshStages : public testing::Test {
protected:
  const Points mesh_ = test::real_meshes().back(), other_ = test::real_meshes().front();
  const Geometry target_{other_};
};

TEST_F(MeshStages, ATintTurnsTheTargetsSkinIntoThePersonsAndIsRemembered) {
  const cv::Mat grey(test::real_size(), CV_8UC3, cv::Scalar(100, 100, 100));
  const cv::Mat person(test::real_size(), CV_8UC3, cv::Scalar(160, 120, 90));
  const Texture texture(test::made_of(other_, grey));
  const Points points = with_forehead(mesh_, forehead_reach);
  SkinMemory memory;
  EXPECT_TRUE(stage::tint({texture, person, points, false}, memory).offset.empty()) << "no skin is known yet";
  EXPECT_FALSE(memory.palette);
  const Tint tint = stage::tint({texture, person, points, true}, memory);
  ASSERT_EQ(tint.offset.size(), points.size());
  const cv::Vec3f got = cv::Vec3f(tint.gain * cv::Vec3f(100, 100, 100)) + tint.offset[4];
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(got[c], person.at<cv::Vec3b>(0, 0)[c], 3);
  const cv::Mat dark(test::real_size(), CV_8UC3, cv::Scalar(10, 10, 10));
  const Tint kept = stage::tint({texture, dark, points, false}, memory);
  EXPECT_NEAR(kept.offset.at(4)[0], tint.offset[4][0], 1e-3) << "what cannot be measured teaches nothing";
}

TEST_F(MeshStages, AHiddenMouthIsShutAndTeachesNoRest) {
  RestShape rest;
  const Points meant = stage::geometry({target_, mesh_, 0, true}, rest);
  EXPECT_EQ(meant, mesh_);
  ASSERT_EQ(rest.mean.size(), mesh_.size());
  Points open = mesh_;
  for (const auto& [upper, lower] : lip_pairs)
    open[static_cast<std::size_t>(lower)].y += 10;
  EXPECT_EQ(stage::mouth({target_, open, 0}, rest), open);
  EXPECT_LT(gap(stage::mouth({target_, open, 1}, rest), point::upper_lip, point::lower_lip), .01);
  const RestShape before = rest;
  const Points moved = stage::geometry({target_, open, 1, false}, rest);
  EXPECT_EQ(rest.mean, before.mean);
  EXPECT_EQ(rest.weight, before.weight);
  EXPECT_NE(moved, open);
  stage::geometry({target_, open, 1, true}, rest);
  EXPECT_GT(rest.weight, before.weight);
}

TEST_F(MeshStages, ACorrectionMovesOnlyWhatWasSeenDisplaced) {
  Correction correction;
  EXPECT_EQ(stage::correction(mesh_, correction), mesh_);
  Points seen = mesh_;
  seen[point::right_brow].y -= 2;
  ASSERT_TRUE(correction.learn(mesh_, seen, 1));
  const Points corrected = stage::correction(mesh_, correction);
  EXPECT_GT(corrected[point::right_brow].y, mesh_[point::right_brow].y + 1);
  EXPECT_EQ(corrected[point::chin], mesh_[point::chin]);
}

TEST(EvenHue, PalePartsGetTheHueOfTheSkinAndNoPixelItsBrightness) {
  const Points mesh = test::real_meshes().back();
  const Points points = with_forehead(mesh, 0);
  cv::Mat picture(test::real_size(), CV_8UC3, cv::Scalar(170, 120, 90));
  const cv::Point forehead(cvFloor(mesh[point::top].x),
                           cvFloor(mesh[point::top].y + .1F * static_cast<float>(face_size(mesh))));
  cv::circle(picture, forehead, cvRound(.15 * face_size(mesh)), cv::Scalar(140, 135, 130), cv::FILLED);
  const cv::Mat before = picture.clone(), even = even_hue(picture, mesh);
  EXPECT_EQ(cv::norm(picture, before, cv::NORM_INF), 0) << "no value that goes in changes";
  const auto red = [](const cv::Vec3b& c) { return static_cast<double>(c[0]) / c[2]; };
  EXPECT_GT(red(even.at<cv::Vec3b>(forehead)), red(picture.at<cv::Vec3b>(forehead)) + .1);
  cv::Mat was, is;
  cv::cvtColor(picture, was, cv::COLOR_RGB2GRAY);
  cv::cvtColor(even, is, cv::COLOR_RGB2GRAY);
  EXPECT_LE(cv::norm(was, is, cv::NORM_INF), 2);
}

} // namespace
} // namespace deid::faceswap
