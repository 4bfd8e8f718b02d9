// The painter with a trained network, with simple functions in the network's place.
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/stages/align.hpp"
#include "elements/faceswap/drawing/stages/background.hpp"
#include "elements/faceswap/drawing/stages/convert.hpp"
#include "elements/faceswap/drawing/stages/put_back.hpp"
#include "elements/faceswap/drawing/stages/recolour.hpp"
#include "elements/faceswap/drawing/stages/soften.hpp"
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

class TrainedStages : public testing::Test {
protected:
  const Points mesh_ = test::real_meshes().back();
  const models::autoencoder::Alignment alignment_{};
  cv::Matx23f to_frame() const { return *stage::align({mesh_, mesh_, side, alignment_}); }
  static CropFrame crop_of(const cv::Mat& frame) {
    return
        [frame](const cv::Matx23f& place, cv::Size size) { return models::crop_image(frame, place, size); };
  }
};

TEST_F(TrainedStages, APointHasNoAlignmentAndAFaceLiesOnItsCrop) {
  EXPECT_FALSE(stage::align({mesh_, Points(468, cv::Point3f(5, 5, 0)), side, alignment_}));
  const cv::Mat frame(test::real_size(), CV_8UC3, cv::Scalar(150, 110, 90));
  const Convert same = [](const cv::Mat& face) { return face.clone(); };
  const Converted out = stage::convert({to_frame(), mesh_, side, crop_of(frame), same});
  EXPECT_EQ(out.person.size(), cv::Size(side, side));
  ASSERT_EQ(out.points.size(), 468U);
  for (const int i : {1, 33, 263, 13})
    EXPECT_TRUE(
        cv::Rect2f(0, 0, side, side)
            .contains({out.points[static_cast<std::size_t>(i)].x, out.points[static_cast<std::size_t>(i)].y}))
        << i;
  EXPECT_THROW(stage::convert({to_frame(), mesh_, side, crop_of(frame),
                               [](const cv::Mat&) { return cv::Mat(9, 9, CV_8UC3); }}),
               std::invalid_argument);
}

TEST_F(TrainedStages, TheTargetsBackgroundGivesWayToSkin) {
  const cv::Mat skin(test::real_size(), CV_8UC3, cv::Scalar(150, 110, 90));
  const Convert wall = [](const cv::Mat& face) {
    cv::Mat out(face.size(), face.type(), cv::Scalar(30, 60, 220));
    cv::ellipse(out, {side / 2, cvRound(.49 * side)}, {cvRound(.31 * side), cvRound(.42 * side)}, 0, 0, 360,
                cv::Scalar(150, 110, 90), cv::FILLED);
    return out;
  };
  const Converted out = stage::convert({to_frame(), mesh_, side, crop_of(skin), wall});
  const cv::Mat face = face_area(out.points, {side, side});
  const auto blue = [&](const cv::Mat& rgb) {
    std::vector<cv::Mat> channels;
    cv::split(rgb, channels);
    return cv::countNonZero((channels[2] > channels[0]) & face);
  };
  ASSERT_GT(blue(out.face), 100);
  EXPECT_LT(blue(stage::background(out)), blue(out.face) / 10);
}

TEST_F(TrainedStages, AFaceTakesThePersonsColoursOnceTheyAreKnown) {
  const cv::Mat person(side, side, CV_8UC3, cv::Scalar(160, 120, 90)),
      face(side, side, CV_8UC3, cv::Scalar(100, 100, 100));
  Points points;
  for (const cv::Point2f& p : models::autoencoder::in_crop(mesh_, to_frame()))
    points.emplace_back(p.x, p.y, 0.F);
  SkinMemory memory, none;
  const cv::Mat out = stage::recolour({person, face, points, alignment_}, memory);
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(out.at<cv::Vec3b>(side / 2, side / 2)[c], person.at<cv::Vec3b>(0, 0)[c], 3);
  EXPECT_TRUE(memory.palette);
  for (cv::Point3f& p : points) // hardly any skin to learn from
    p = p * .05F;
  EXPECT_EQ(cv::norm(stage::recolour({person, face, points, alignment_}, none), face, cv::NORM_INF), 0);
  EXPECT_FALSE(none.palette);
}

TEST_F(TrainedStages, OnlyAFaceThatShrinksIsSoftened) {
  const cv::Mat face = test::textured({side, side}), before = face.clone();
  EXPECT_EQ(cv::norm(stage::soften({face, cv::Matx23f(1, 0, 0, 0, 1, 0)}), before, cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(stage::soften({face, cv::Matx23f(.2F, 0, 0, 0, .2F, 0)}), before, cv::NORM_INF), 5);
  EXPECT_EQ(cv::norm(face, before, cv::NORM_INF), 0) << "a stage changes no value that goes in";
}

TEST_F(TrainedStages, AFaceIsPutBackWithinItsOutlineAndItsCrop) {
  const cv::Mat face(side, side, CV_8UC3, cv::Scalar(10, 200, 30));
  const cv::Point at(40, 20);
  const cv::Size size(400, 300);
  const Points points = with_forehead(on_picture(mesh_, at), forehead_reach);
  const Drawn drawn = stage::put_back({face, to_frame(), at, points, size});
  EXPECT_EQ(drawn.rgb.size(), size);
  EXPECT_EQ(cv::countNonZero(drawn.shown & ~face_area(points, size)), 0);
  const cv::Point nose(cvFloor(points[1].x), cvFloor(points[1].y));
  EXPECT_EQ(drawn.shown.at<std::uint8_t>(nose), 255);
  EXPECT_EQ(drawn.rgb.at<cv::Vec3b>(nose), cv::Vec3b(10, 200, 30));
  const cv::Matx23f elsewhere(1, 0, 5000, 0, 1, 5000);
  EXPECT_EQ(cv::countNonZero(stage::put_back({face, elsewhere, at, points, size}).shown), 0);
}

} // namespace
} // namespace deid::faceswap
