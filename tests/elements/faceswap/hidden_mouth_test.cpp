// An object in front of the mouth: when the mouth counts as hidden, and what is drawn then.
#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include "elements/faceswap/drawing/skin_in_mouth.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {
namespace {

HiddenMouth used_to(double lower, double upper) {
  HiddenMouth mouth;
  for (int i = 0; i < 20; ++i)
    mouth.watch(lower, upper);
  return mouth;
}

TEST(HiddenMouth, SpeechALaughAndALampHideNothing) {
  HiddenMouth mouth = used_to(12, 14);
  for (int i = 0; i < 60; ++i) {
    mouth.watch(12 + 3 * (i % 3), 14);
    EXPECT_EQ(mouth.share(), 0) << i;
  }
  mouth.watch(30, 35);
  EXPECT_EQ(mouth.share(), 0);
}

TEST(HiddenMouth, AHandDoesUntilItIsGone) {
  HiddenMouth mouth = used_to(12, 14);
  mouth.watch(26, 16);
  EXPECT_GT(mouth.share(), 0);
  for (int i = 0; i < 20; ++i)
    mouth.watch(22, 24); // the rest of the face changes, too, when fingers reach up
  EXPECT_EQ(mouth.share(), 1);
  mouth.watch(12, 14);
  EXPECT_LT(mouth.share(), 1);
  for (int i = 0; i < 10; ++i)
    mouth.watch(12, 14);
  EXPECT_EQ(mouth.share(), 0);
}

TEST(HiddenMouth, WhatStaysForLongIsTheFace) {
  HiddenMouth mouth = used_to(12, 14);
  for (int i = 0; i < 400; ++i)
    mouth.watch(30, 14);
  EXPECT_EQ(mouth.share(), 0);
}

TEST(HiddenMouth, SkinInTheOpeningIsAFinger) {
  HiddenMouth mouth;
  for (int i = 0; i < 20; ++i)
    mouth.watch(12, 14, .1 + .05 * (i % 2));
  EXPECT_EQ(mouth.share(), 0);
  mouth.watch(12, 14, .5);
  EXPECT_TRUE(mouth.now());
  mouth.watch(12, 14, .3);
  mouth.watch(12, 14, {}); // the opening is too small to say anything
  EXPECT_TRUE(mouth.now());
  EXPECT_EQ(mouth.share(), 1);
  mouth.watch(12, 14, .1);
  EXPECT_FALSE(mouth.now());
  HiddenMouth always;
  for (int i = 0; i < 20; ++i)
    always.watch(12, 14, .6);
  EXPECT_FALSE(always.now()) << "a mouth that always looks like skin";
}

/// A face of skin (150, 110, 90) whose open mouth has this colour.
std::optional<double> skin_of(const cv::Scalar& inside, const cv::Vec3d& skin = {150, 110, 90}) {
  std::vector<cv::Point3f> mesh = test::real_meshes().back();
  for (const auto& [upper, lower] : lip_pairs)
    mesh[static_cast<std::size_t>(lower)].y += .1F * static_cast<float>(eye_distance(mesh));
  cv::Mat picture(test::real_size(), CV_8UC3, cv::Scalar(skin[0], skin[1], skin[2]));
  std::vector<cv::Point> opening;
  for (const cv::Point2f& p : pick(mesh, part::inner_lips()))
    opening.emplace_back(p);
  cv::fillPoly(picture, std::vector<std::vector<cv::Point>>{opening}, inside);
  return skin_in_mouth(picture, mesh, skin);
}

TEST(SkinInMouth, IsNoTeethTongueOrShadow) {
  EXPECT_EQ(skin_of({150, 110, 90}), 1);
  EXPECT_EQ(skin_of({180, 132, 108}), 1) << "in more light";
  for (const cv::Scalar& other : {cv::Scalar(200, 195, 190), cv::Scalar(170, 90, 90), cv::Scalar(60, 44, 36)})
    EXPECT_LT(skin_of(other), .05) << other; // the rim of the opening is skin
  EXPECT_FALSE(skin_of({120, 120, 120}, {120, 120, 120}).has_value()) << "a grey picture says nothing";
}

class Shut : public testing::Test {
protected:
  /// A wide open mouth, as the network finds it in a fist.
  static std::vector<cv::Point3f> gaping(std::vector<cv::Point3f> mesh) {
    const auto by = 0.12F * static_cast<float>(eye_distance(mesh));
    for (const auto& [upper, lower] : lip_pairs) {
      mesh[static_cast<std::size_t>(upper)].y -= by;
      mesh[static_cast<std::size_t>(lower)].y += by;
    }
    return mesh;
  }
  const std::vector<cv::Point3f> mesh_ = test::real_meshes().back();
  const Target target_ = test::made_of(test::real_meshes().front(), test::textured(test::real_size()));
};

TEST_F(Shut, IsTheMouthAtRestAndNotTheOutline) {
  const Geometry geometry(target_.landmarks);
  RestShape rest;
  const auto open = gaping(mesh_);
  EXPECT_EQ(geometry.with_mouth_shut(open, 1, rest), open); // the mouth at rest is unknown
  EXPECT_EQ(geometry.moved(mesh_, 0, rest), mesh_);
  EXPECT_EQ(geometry.with_mouth_shut(open, 0, rest), open);
  const auto shut = geometry.with_mouth_shut(open, 1, rest);
  ASSERT_GT(gap(open, 13, 14), 5);
  for (const auto& [upper, lower] : lip_pairs)
    EXPECT_LT(gap(shut, upper, lower), 0.01) << upper;
  for (const int i : part::oval())
    EXPECT_EQ(shut[static_cast<std::size_t>(i)], open[static_cast<std::size_t>(i)]) << i;
  const auto half = geometry.with_mouth_shut(open, 0.5F, rest);
  EXPECT_NEAR(gap(half, 13, 14), gap(open, 13, 14) / 2, 0.01);
}

TEST_F(Shut, AFistAtTheMouthIsNoMouth) {
  MeshPainter texture{Texture(target_)};
  const cv::Mat skin = 0.2 * test::textured(test::real_size(), 2) + cv::Scalar(150, 110, 90);
  const auto open = gaping(mesh_);
  const cv::Point2f mouth = (pick(open, {13}).front() + pick(open, {14}).front()) / 2;
  const auto size = static_cast<int>(face_size(mesh_));
  cv::Mat fist = skin.clone();
  cv::circle(fist, cv::Point(mouth), size / 4, cv::Scalar(235, 200, 180), cv::FILLED);
  cv::circle(fist, cv::Point(mouth), size / 25, cv::Scalar(0, 255, 0), cv::FILLED);
  const auto green = [&](const Picture& picture) {
    const auto& c = picture.rgb.at<cv::Vec3b>(cv::Point(mouth));
    return c[1] - std::max(c[0], c[2]);
  };
  Memory nothing, known;
  EXPECT_GT(green(draw(texture, fist, {0, 0}, open, {}, nothing)),
            60); // counts as the mouth, because there is no earlier frame
  for (int i = 0; i < 10; ++i)
    draw(texture, skin, {0, 0}, mesh_, {}, known);
  Picture last;
  for (int i = 0; i < 3; ++i)
    last = draw(texture, fist, {0, 0}, open, {}, known);
  EXPECT_LT(green(last), 20);
}

} // namespace
} // namespace deid::faceswap
