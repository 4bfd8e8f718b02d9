// The painter with a trained network, with simple functions in the network's place.
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/swap.hpp"
#include "elements/faceswap/drawing/trained_painter.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "models/image/affine.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {
namespace {

constexpr int side = 160;

class TrainedPainterTest : public testing::Test {
protected:
  /// A frame of one skin colour with a little texture.
  static cv::Mat skin() { return 0.2 * test::textured(test::real_size(), 2) + cv::Scalar(150, 110, 90); }
  Picture drawn(const Convert& convert, const cv::Mat& frame, cv::Rect part = {}) {
    TrainedPainter painter(convert, side, {});
    part = part.empty() ? cv::Rect({0, 0}, frame.size()) : part;
    return draw(painter, frame(part), part.tl(), mesh_, options_, memory_,
                [&](const cv::Matx23f& to_frame, cv::Size size) {
                  return models::crop_image(frame, to_frame, size);
                });
  }
  static cv::Mat same(const cv::Mat& face) { return face.clone(); }
  /// Texture that no frame of these tests has.
  static cv::Mat stripes(const cv::Mat& face) {
    cv::Mat out = face.clone();
    for (int y = 0; y < out.rows; ++y)
      out.row(y).setTo(y / 6 % 2 == 0 ? cv::Scalar(70, 60, 50) : cv::Scalar(190, 160, 150));
    return out;
  }
  cv::Mat well_inside(cv::Size size, double share = 0.1) const {
    const int rim = cvRound(share * face_size(mesh_));
    cv::Mat inner;
    cv::erode(face_area(mesh_, size), inner, cv::Mat::ones(2 * rim + 1, 2 * rim + 1, CV_8U));
    return inner;
  }

  const std::vector<cv::Point3f> mesh_ = test::real_meshes().back();
  DrawOptions options_{};
  Memory memory_{};
};

TEST_F(TrainedPainterTest, WhatComesOutUnchangedLiesWhereItWasCut) {
  const cv::Mat frame = skin();
  const Picture picture = drawn(same, frame);
  const cv::Mat inner = well_inside(frame.size());
  ASSERT_GT(cv::countNonZero(inner), 3000);
  EXPECT_LT(cv::norm(picture.rgb, frame, cv::NORM_L1, inner) / (3. * cv::countNonZero(inner)), 2);
  // a shift of half a pixel is already worse
  cv::Mat aside;
  cv::warpAffine(frame, aside, cv::Matx23d(1, 0, 1, 0, 1, 1), frame.size());
  EXPECT_LT(2 * cv::norm(picture.rgb, frame, cv::NORM_L1, inner),
            cv::norm(picture.rgb, aside, cv::NORM_L1, inner));
}

TEST_F(TrainedPainterTest, NothingOfTheFrameIsUnderTheFace) {
  // the output does not depend on the input, so two frames differ only where the frame may show
  const auto always = [](const cv::Mat& face) { return stripes(cv::Mat::zeros(face.size(), face.type())); };
  cv::Mat frame = skin(), marked = skin();
  const cv::Point nose(cvRound(mesh_[1].x), cvRound(mesh_[1].y));
  cv::circle(marked, nose, 3, cv::Scalar(0, 255, 0), cv::FILLED);
  const Picture picture = drawn(always, frame);
  EXPECT_EQ(cv::countNonZero((picture.alpha != 255) & well_inside(frame.size(), .02) &
                             ~hair_area(with_forehead(mesh_, forehead_reach), frame.size())),
            0);
  memory_ = {};
  const Picture other = drawn(always, marked);
  const auto& a = picture.rgb.at<cv::Vec3b>(nose);
  const auto& b = other.rgb.at<cv::Vec3b>(nose);
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(a[c], b[c], 12) << "a mark of the person shines through";
}

TEST_F(TrainedPainterTest, MouthAndEyesAreTheNetworks) {
  cv::Mat frame = skin();
  std::vector<cv::Point> eye;
  for (const cv::Point2f& p : pick(mesh_, part::left_eye()))
    eye.emplace_back(p);
  cv::fillPoly(frame, std::vector<std::vector<cv::Point>>{eye}, cv::Scalar(0, 255, 0));
  const cv::Rect around = cv::boundingRect(eye);
  const cv::Point middle = (around.tl() + around.br()) / 2;
  const Picture picture = drawn(stripes, frame);
  const auto& seen = picture.rgb.at<cv::Vec3b>(middle);
  EXPECT_LT(seen[1] - std::max(seen[0], seen[2]), 40);
}

TEST_F(TrainedPainterTest, TakesTheColoursOfThePersonsSkin) {
  const cv::Mat frame = skin();
  const Picture picture = drawn(stripes, frame);
  const cv::Mat inner = well_inside(frame.size(), .15);
  const cv::Scalar got = cv::mean(picture.rgb, inner), want = cv::mean(frame, inner);
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(got[c], want[c], 12);
}

TEST_F(TrainedPainterTest, WhatIsBehindTheTargetDoesNotComeAlong) {
  const cv::Mat frame = skin();
  // the target's face is narrower than the person's, who is in front of a blue wall
  const auto narrow = [](const cv::Mat& face) {
    cv::Mat out(face.size(), face.type(), cv::Scalar(30, 60, 220)), mask(face.size(), CV_8UC1, cv::Scalar(0));
    cv::ellipse(mask, {side / 2, cvRound(.49 * side)}, {cvRound(.31 * side), cvRound(.42 * side)}, 0, 0, 360,
                cv::Scalar(255), cv::FILLED);
    face.copyTo(out, mask);
    return out;
  };
  const Picture picture = drawn(narrow, frame);
  const cv::Mat face = face_area(mesh_, frame.size());
  std::vector<cv::Mat> channels;
  cv::split(picture.rgb, channels);
  const cv::Mat blue = (channels[2] > channels[0]) & face;
  EXPECT_LT(cv::countNonZero(blue), .01 * cv::countNonZero(face));
}

TEST_F(TrainedPainterTest, TheNetworkSeesTheFaceBeyondTheCover) {
  const cv::Mat frame = skin();
  cv::Mat whole, part;
  drawn([&](const cv::Mat& face) { return whole = face.clone(); }, frame);
  memory_ = {};
  std::vector<cv::Point2f> flat;
  for (const cv::Point3f& p : mesh_)
    flat.emplace_back(p.x, p.y);
  const cv::Rect tight = cv::boundingRect(flat) & cv::Rect({0, 0}, frame.size());
  const Picture picture = drawn([&](const cv::Mat& face) { return part = face.clone(); }, frame, tight);
  EXPECT_EQ(picture.rgb.size(), tight.size());
  EXPECT_EQ(cv::norm(whole, part, cv::NORM_INF), 0);
}

TEST_F(TrainedPainterTest, InDoubtTheLastFaceGoesOnAndNothingWithoutOne) {
  const cv::Mat frame = skin();
  int runs = 0;
  const auto counted = [&runs](const cv::Mat& face) {
    ++runs;
    return stripes(face);
  };
  options_.own_parts = false;
  EXPECT_EQ(cv::countNonZero(drawn(counted, frame).alpha), 0);
  EXPECT_EQ(runs, 0) << "a crop that may show anything is no face";
  options_.own_parts = true;
  const cv::Mat before = drawn(counted, frame).rgb;
  options_.own_parts = false;
  const Picture kept = drawn(counted, cv::Mat(frame.size(), CV_8UC3, cv::Scalar(0, 255, 0)));
  EXPECT_EQ(runs, 1);
  const cv::Mat inner = well_inside(frame.size());
  EXPECT_LT(cv::norm(kept.rgb, before, cv::NORM_L1, inner) / (3. * cv::countNonZero(inner)), 20);
  EXPECT_EQ(cv::countNonZero((kept.alpha != 255) & inner), 0);
}

TEST_F(TrainedPainterTest, ASmallFaceIsDrawnAndAPointIsNot) {
  std::vector<cv::Point3f> small = mesh_;
  for (cv::Point3f& p : small)
    p = p * .15F + cv::Point3f(100, 100, 0);
  TrainedPainter painter(stripes, side, {});
  const cv::Mat frame = skin();
  const CropFrame crop = [&](const cv::Matx23f& to_frame, cv::Size size) {
    return models::crop_image(frame, to_frame, size);
  };
  EXPECT_GT(cv::countNonZero(draw(painter, frame, {0, 0}, small, options_, memory_, crop).alpha), 100);
  const std::vector<cv::Point3f> point(468, cv::Point3f(50, 50, 0));
  memory_ = {};
  EXPECT_EQ(cv::countNonZero(draw(painter, frame, {0, 0}, point, options_, memory_, crop).alpha), 0);
}

TEST_F(TrainedPainterTest, RefusesWhatIsNoFaceOfItsNetwork) {
  const cv::Mat frame = skin();
  EXPECT_THROW(drawn([](const cv::Mat&) { return cv::Mat(); }, frame), std::invalid_argument);
  EXPECT_THROW(drawn([](const cv::Mat&) { return cv::Mat(64, 64, CV_8UC3, cv::Scalar()); }, frame),
               std::invalid_argument);
  EXPECT_THROW(TrainedPainter(same, 0, {}), std::invalid_argument);
  EXPECT_THROW(TrainedPainter(same, 96, {.coverage = 2}), std::invalid_argument);
}

} // namespace
} // namespace deid::faceswap
