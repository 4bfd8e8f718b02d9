// The overlay on the cover: where the frame may be restored, and where never.
#include "elements/faceswap/compose.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/mesh_painter.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include "tests/support/rgb_view.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {
namespace {

class Compose : public testing::Test {
protected:
  Compose() {
    face_.landmarks = mesh_;
    face_.score = 0.9F;
    std::vector<cv::Point2f> flat;
    for (const cv::Point3f& p : mesh_)
      flat.emplace_back(p.x, p.y);
    face_.box = cv::boundingRect(flat);
    render_.landmarks.points = mesh_;
    frame_view_ = test::rgb_view(frame_);
  }
  cover::Plan plan(const std::vector<FaceRegion>& faces) const {
    cover::Plan plan;
    for (const FaceRegion& face : faces)
      plan.faces.push_back(
          {face, cover::rasterize(face, cover::Shape::contour, 0.05F, frame_.size()), false});
    return plan;
  }
  cover::Overlay composed(const cover::Plan& plan, Reason reason = Reason::none, bool extrapolated = false,
                          std::span<const SeenHand> hands = {}) {
    return compose(target_, frame_view_, plan, 0,
                   {reason, 1.F, extrapolated ? LandmarkSource::extrapolated : LandmarkSource::frame},
                   render_, {}, hands);
  }
  /// A hand of 21 points, all on the chin.
  std::vector<SeenHand> hand_on_the_chin() const {
    SeenHand hand;
    const cv::Point3f chin = (mesh_[14] + mesh_[152]) * .5F;
    const float palm = face_.box.height / 4;
    for (int i = 0; i < 21; ++i)
      hand.points.push_back(chin + cv::Point3f(palm * static_cast<float>(i % 5 - 2) / 4,
                                               palm * static_cast<float>(i / 5 - 2) / 4, 0));
    return {hand};
  }
  /// The covered pixels that the swap does not reach.
  cv::Mat around(const cover::Plan& plan) const {
    cv::Mat face = face_area(with_forehead(mesh_, forehead_reach), frame_.size()), forehead;
    std::vector<cv::Point> hull, all;
    for (const cv::Point3f& p : with_forehead(mesh_, forehead_reach))
      all.emplace_back(cvRound(p.x), cvRound(p.y));
    cv::convexHull(all, hull);
    cv::fillConvexPoly(face, hull, cv::Scalar(255));
    cv::dilate(face, face, cv::Mat::ones(19, 19, CV_8U));
    return plan.faces[0].mask.mask & ~face(plan.faces[0].mask.bounds);
  }

  const std::vector<cv::Point3f> mesh_ = test::real_meshes().back();
  const NamedPainter target_{"made", std::make_unique<MeshPainter>(Texture(test::made_of(
                                         test::real_meshes().front(), test::textured(test::real_size()))))};
  cv::Mat frame_ = test::textured(test::real_size(), 2);
  video::FrameView frame_view_;
  FaceRegion face_;
  RenderState render_;
};

TEST_F(Compose, WhatIsNoFaceComesBackAndWhatIsDoesNot) {
  const cover::Plan plan = this->plan({face_});
  const cv::Rect& bounds = plan.faces[0].mask.bounds;
  const cover::Overlay overlay = composed(plan);
  const cv::Mat far = around(plan);
  ASSERT_GT(cv::countNonZero(far), 300);
  EXPECT_EQ(cv::countNonZero((overlay.alpha < 255) & plan.faces[0].mask.mask), 0);
  EXPECT_EQ(cv::norm(overlay.rgb, frame_(bounds), cv::NORM_INF, far), 0);
  cv::Mat away, inner = inner_area(with_forehead(mesh_, 0), frame_.size())(bounds);
  cv::absdiff(overlay.rgb, frame_(bounds), away);
  cv::cvtColor(away, away, cv::COLOR_RGB2GRAY);
  EXPECT_LT(cv::countNonZero((away < 3) & inner), 0.2 * cv::countNonZero(inner));
}

TEST_F(Compose, AHandStaysInFrontUnlessTheOutlineIsNotKnown) {
  const cover::Plan plan = this->plan({face_});
  const cv::Rect& bounds = plan.faces[0].mask.bounds;
  const std::vector<SeenHand> hands = hand_on_the_chin();
  const cv::Mat there = hand_area(hands, bounds) == 255;
  ASSERT_GT(cv::countNonZero(there), 100);
  const cover::Overlay with = composed(plan, Reason::none, false, hands), without = composed(plan);
  EXPECT_EQ(cv::norm(with.rgb, frame_(bounds), cv::NORM_INF, there), 0);
  EXPECT_GT(cv::norm(without.rgb, frame_(bounds), cv::NORM_INF, there), 20);
  const cover::Overlay unsure = composed(plan, Reason::none, true, hands);
  EXPECT_GT(cv::norm(unsure.rgb, frame_(bounds), cv::NORM_INF, there), 20);
  EXPECT_EQ(cv::norm(unsure.alpha, composed(plan, Reason::none, true).alpha, cv::NORM_INF), 0);
}

TEST_F(Compose, AHandOverAnotherFaceBringsNothingBack) {
  FaceRegion other;
  other.id = 2;
  other.box = face_.box + cv::Point2f(0, face_.box.height * .4F);
  const cover::Plan plan = this->plan({face_, other});
  const std::vector<SeenHand> hands = hand_on_the_chin();
  const cv::Rect& bounds = plan.faces[0].mask.bounds;
  cv::Mat theirs(frame_.size(), CV_8UC1, cv::Scalar(0));
  plan.faces[1].mask.mask.copyTo(theirs(plan.faces[1].mask.bounds));
  const cv::Mat there = (hand_area(hands, bounds) == 255) & theirs(bounds);
  ASSERT_GT(cv::countNonZero(there), 100);
  EXPECT_EQ(cv::countNonZero(composed(plan, Reason::none, false, hands).alpha & there), 0)
      << "the blur stays";
}

TEST_F(Compose, NothingComesBackWhereAnotherFaceLies) {
  FaceRegion other;
  other.id = 2;
  other.box = cv::Rect2f(face_.box.x + face_.box.width, face_.box.y - 40, 90, 120);
  const cover::Plan plan = this->plan({face_, other});
  const cover::Overlay overlay = composed(plan);
  cv::Mat there(frame_.size(), CV_8UC1, cv::Scalar(0));
  plan.faces[1].mask.mask.copyTo(there(plan.faces[1].mask.bounds));
  const cv::Mat both = around(plan) & there(plan.faces[0].mask.bounds);
  ASSERT_GT(cv::countNonZero(both), 50);
  EXPECT_EQ(cv::countNonZero(overlay.alpha & both), 0);
  EXPECT_GT(cv::countNonZero(overlay.alpha & around(plan)), 100); // elsewhere it does
}

TEST_F(Compose, OwnEyesAreNotDrawnFromWhereAnotherFaceLies) {
  const cv::Point3f eye = (mesh_[362] + mesh_[263]) * .5F;
  FaceRegion other;
  other.id = 2;
  other.box = cv::Rect2f(eye.x, eye.y - 40, 90, 80); // one half of the eye
  const cover::Plan plan = this->plan({face_, other});
  const cv::Rect& bounds = plan.faces[0].mask.bounds;
  cv::Mat theirs(frame_.size(), CV_8UC1, cv::Scalar(0));
  plan.faces[1].mask.mask.copyTo(theirs(plan.faces[1].mask.bounds));
  for (const float geometry : {0.F, .6F}) {
    const auto overlay = [&](Eyes eyes) {
      ComposeOptions how;
      how.draw.eyes = eyes;
      how.draw.geometry = geometry;
      RenderState render = render_;
      return compose(target_, frame_view_, plan, 0, {Reason::none, 1.F, LandmarkSource::frame}, render, how)
          .rgb;
    };
    const cv::Mat own = overlay(Eyes::own), targets = overlay(Eyes::target);
    EXPECT_EQ(cv::norm(own, targets, cv::NORM_INF, theirs(bounds)), 0) << geometry;
    EXPECT_GT(cv::norm(own, targets, cv::NORM_INF), 20) << "the rest of the eye is the person's";
  }
}

TEST_F(Compose, NothingComesBackWhereNobodyKnowsTheOutline) {
  const cover::Plan known = plan({face_});
  const cv::Mat far = around(known);
  EXPECT_EQ(cv::countNonZero(composed(known, Reason::unsure).alpha & far), 0);
  EXPECT_EQ(cv::countNonZero(composed(known, Reason::none, true).alpha & far), 0);
  EXPECT_EQ(cv::countNonZero(composed(known, Reason::turned).alpha == 0), 0);
  FaceRegion elsewhere = face_; // a mesh beside its box
  elsewhere.box = cv::Rect2f(face_.box.x - face_.box.width / 2, face_.box.y, 1.2F * face_.box.width,
                             1.6F * face_.box.height);
  const cover::Plan odd = plan({elsewhere});
  const cover::Overlay overlay = composed(odd);
  EXPECT_EQ(cv::countNonZero(overlay.alpha & around(odd)), 0);
}

} // namespace
} // namespace deid::faceswap
