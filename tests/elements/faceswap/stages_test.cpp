// The stages that both painters share: how a painted face is blended into the frame. And the list of all
// stages, which the page names in the same order.
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/stages/continuation.hpp"
#include "elements/faceswap/drawing/stages/fade.hpp"
#include "elements/faceswap/drawing/stages/hair.hpp"
#include "elements/faceswap/drawing/stages/hands.hpp"
#include "elements/faceswap/drawing/stages/outline.hpp"
#include "elements/faceswap/drawing/stages/place.hpp"
#include "elements/faceswap/drawing/stages/rim.hpp"
#include "elements/faceswap/drawing/stages/shading.hpp"
#include "elements/faceswap/drawing/stages/sharpness.hpp"
#include "elements/faceswap/drawing/stages/surroundings.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <filesystem>
#include <gtest/gtest.h>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <regex>

namespace deid::faceswap {
namespace {

double worst(const cv::Mat& a, const cv::Mat& b, const cv::Mat& where = {}) {
  return cv::norm(a, b, cv::NORM_INF, where);
}

TEST(Continuation, KnownColoursStayAndGoOn) {
  cv::Mat rgb(90, 120, CV_8UC3, cv::Scalar(0, 0, 0)), known(90, 120, CV_8UC1, cv::Scalar(0));
  rgb(cv::Rect(40, 20, 20, 50)).setTo(cv::Scalar(200, 100, 50));
  rgb(cv::Rect(60, 20, 20, 50)).setTo(cv::Scalar(100, 200, 50));
  known(cv::Rect(40, 20, 40, 50)).setTo(255);
  const cv::Mat before = rgb.clone();
  const cv::Mat all = stage::continuation({rgb, known});
  EXPECT_EQ(worst(all, before, known), 0);
  EXPECT_NEAR(all.at<cv::Vec3b>(45, 34)[0], 200, 25);
  EXPECT_NEAR(all.at<cv::Vec3b>(45, 85)[1], 200, 25);
  EXPECT_NEAR(all.at<cv::Vec3b>(2, 2)[2], 50, 4); // however far
  EXPECT_EQ(worst(rgb, before, cv::Mat()), 0) << "a stage changes no value that goes in";
  const cv::Mat same = stage::continuation({rgb, cv::Mat::zeros(known.size(), CV_8UC1)});
  EXPECT_EQ(worst(same, before, cv::Mat()), 0);
}

TEST(Shading, SoftLightComesAlongAndNoFeatureDoes) {
  const cv::Size size(160, 200);
  cv::Mat original(size, CV_8UC3, cv::Scalar(150, 110, 90)), swap(size, CV_8UC3, cv::Scalar(130, 100, 90));
  original(cv::Rect(0, 0, 160, 60)) += cv::Scalar::all(40); // a lit forehead
  for (int x = 10; x < 160; x += 20)
    cv::line(original, {x, 60}, {x, 200}, cv::Scalar(60, 40, 30), 1); // and features
  const cv::Mat before = swap.clone();
  const cv::Mat unlit = stage::shading({original, swap, cv::Mat::zeros(size, CV_8UC1), 150});
  EXPECT_EQ(worst(unlit, before, cv::Mat()), 0); // no skin, no light
  const cv::Mat lit = stage::shading({original, swap, cv::Mat(size, CV_8UC1, cv::Scalar(255)), 150});
  EXPECT_EQ(worst(swap, before, cv::Mat()), 0) << "a stage changes no value that goes in";
  EXPECT_NEAR(lit.at<cv::Vec3b>(20, 80)[0], 190, 6);
  EXPECT_NEAR(lit.at<cv::Vec3b>(150, 80)[0], 148, 6);
  cv::Mat gray, edges;
  cv::cvtColor(lit(cv::Rect(0, 100, 160, 100)), gray, cv::COLOR_RGB2GRAY);
  cv::Laplacian(gray, edges, CV_16S, 1);
  EXPECT_LE(cv::norm(edges, cv::NORM_INF), 4);
}

TEST(Shading, WhatNoLightDoesIsNotFollowedFar) {
  const cv::Size size(100, 100);
  cv::Mat original(size, CV_8UC3, cv::Scalar(20, 15, 10)), swap(size, CV_8UC3, cv::Scalar(200, 160, 140));
  const cv::Mat skin(size, CV_8UC1, cv::Scalar(255));
  EXPECT_GE(stage::shading({original, swap, skin, 100}).at<cv::Vec3b>(50, 50)[0], 140);
  original.setTo(cv::Scalar(70, 60, 50)); // hair over the whole rim
  EXPECT_EQ(stage::shading({original, swap, skin, 100}).at<cv::Vec3b>(50, 50)[0], 200);
  original.setTo(cv::Scalar(40, 120, 220)); // a wall beside the face
  swap.setTo(cv::Scalar(150, 120, 110));
  const cv::Mat lit = stage::shading({original, swap, skin, 100});
  EXPECT_NEAR(lit.at<cv::Vec3b>(50, 50)[0], 150, 15);
  EXPECT_NEAR(lit.at<cv::Vec3b>(50, 50)[2], 110, 15);
}

class SharedStages : public testing::Test {
protected:
  cv::Point on(int a, int b, double share = 0.5) const {
    const cv::Point3f p =
        mesh_[static_cast<std::size_t>(a)] * (1 - share) + mesh_[static_cast<std::size_t>(b)] * share;
    return {cvFloor(p.x), cvFloor(p.y)};
  }
  const Points mesh_ = test::real_meshes().back();
  const Points points_ = with_forehead(mesh_, forehead_reach);
  const cv::Size size_ = test::real_size();
  const cv::Mat face_ = face_area(points_, size_);
};

TEST_F(SharedStages, APlaceIsInPxOfThePicture) {
  const cv::Mat picture(200, 200, CV_8UC3, cv::Scalar::all(0));
  const Place place = stage::place({picture, {30, 20}, mesh_});
  ASSERT_EQ(place.mesh.size(), 468U);
  ASSERT_EQ(place.points.size(), 481U);
  EXPECT_EQ(place.mesh[4], mesh_[4] - cv::Point3f(30, 20, 0));
  EXPECT_EQ(place.points[4], place.mesh[4]);
  EXPECT_LT(place.points[474].y, place.mesh[point::top].y) << "the forehead lies above the mesh";
  EXPECT_THROW(stage::place({cv::Mat(), {}, mesh_}), std::invalid_argument);
  EXPECT_THROW(stage::place({cv::Mat(9, 9, CV_8UC1), {}, mesh_}), std::invalid_argument);
  EXPECT_THROW(stage::place({picture, {}, Points(467)}), std::invalid_argument);
  Points wrong = mesh_;
  wrong[9].z = std::numeric_limits<float>::infinity();
  EXPECT_THROW(stage::place({picture, {}, wrong}), std::invalid_argument);
}

TEST_F(SharedStages, SharpnessFollowsTheFrameAndIsRemembered) {
  cv::Mat sharp(size_, CV_8UC3), soft;
  cv::RNG(7).fill(sharp, cv::RNG::UNIFORM, 60, 200);
  cv::GaussianBlur(sharp, soft, {0, 0}, 1.4);
  int step = -1;
  const cv::Mat unchanged = sharp.clone(),
                matched = stage::sharpness({soft, sharp, face_, points_, true}, step);
  EXPECT_GT(step, 0);
  EXPECT_LT(cv::norm(matched, soft, cv::NORM_L1, face_), .5 * cv::norm(sharp, soft, cv::NORM_L1, face_));
  int same = step;
  const cv::Mat kept = stage::sharpness({sharp, sharp, face_, points_, false}, same);
  EXPECT_EQ(same, step);
  EXPECT_GT(worst(kept, sharp), 20) << "the remembered blur goes on when the original cannot be compared";
  EXPECT_EQ(worst(sharp, unchanged), 0) << "a stage changes no value that goes in";
  const int before = step;
  stage::sharpness({sharp, sharp, face_, points_, true}, step);
  EXPECT_EQ(step, before - 1) << "one step a frame";
  int first = -1;
  EXPECT_EQ(worst(stage::sharpness({sharp, sharp, face_, points_, true}, first), sharp), 0);
  EXPECT_EQ(first, 0);
}

TEST_F(SharedStages, TheOutlineIsTheFaceAndAllThatWasDrawn) {
  cv::Mat shown(size_, CV_8UC1, cv::Scalar(0));
  shown(cv::Rect(0, 0, 10, 10)).setTo(255);
  const cv::Mat covered = stage::outline({shown, points_});
  EXPECT_EQ(worst(covered, shown | face_), 0);
  EXPECT_EQ(cv::countNonZero(shown), 100) << "a stage changes no value that goes in";
}

TEST_F(SharedStages, AFadeIsFullOnTheFaceAndEndsSoonBeyond) {
  EXPECT_EQ(worst(stage::fade({face_, points_, 0}), face_), 0);
  const cv::Mat alpha = stage::fade({face_, points_, .04F});
  EXPECT_EQ(cv::countNonZero((alpha < 255) & face_), 0);
  EXPECT_GT(cv::countNonZero((alpha > 0) & (alpha < 255)), 100);
  const int reach = cvRound(.04 * face_size(points_)) + 2;
  cv::Mat near;
  cv::dilate(face_, near, cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U));
  EXPECT_EQ(cv::countNonZero(alpha & ~near), 0);
}

TEST_F(SharedStages, TheRimIsSkinBetweenEdgeAndFeatures) {
  const cv::Mat rim = stage::rim({face_, points_});
  cv::Mat face, inner;
  cv::resize(face_, face, rim.size(), 0, 0, cv::INTER_AREA);
  cv::resize(inner_area(points_, size_), inner, rim.size(), 0, 0, cv::INTER_AREA);
  EXPECT_GT(cv::countNonZero(rim), 100);
  EXPECT_LE(rim.cols, size_.width);
  EXPECT_EQ(cv::countNonZero(rim & (face < 255)), 0);
  EXPECT_EQ(cv::countNonZero(rim & (inner == 255)), 0);
  EXPECT_EQ(cv::countNonZero(stage::rim({cv::Mat::zeros(size_, CV_8UC1), points_})), 0);
}

TEST_F(SharedStages, HairIsInFrontOnTheForeheadAndNeverOnTheFace) {
  const cv::Mat skin(size_, CV_8UC3, cv::Scalar(150, 110, 90));
  cv::Mat original = skin.clone();
  const cv::Point fringe = on(10, 151, 0.3), eyes = on(33, 263);
  for (const cv::Point& at : {fringe, eyes})
    cv::circle(original, at, 9, cv::Scalar(25, 20, 15), cv::FILLED);
  const cv::Mat faded = stage::fade({face_, points_, .015F});
  const cv::Mat before = faded.clone(), alpha = stage::hair({original, skin, faded, points_, .015F});
  EXPECT_LT(alpha.at<std::uint8_t>(fringe), 40);
  EXPECT_EQ(alpha.at<std::uint8_t>(eyes), 255);
  EXPECT_EQ(worst(faded, before), 0) << "a stage changes no value that goes in";
  EXPECT_EQ(cv::countNonZero(stage::hair({skin, skin, faded, points_, .015F}) < faded), 0);
}

TEST_F(SharedStages, AHandHidesTheSwapUnlessItIsTheFace) {
  const cv::Mat alpha = face_.clone();
  cv::Mat hand(size_, CV_8UC1, cv::Scalar(0));
  cv::circle(hand, on(13, 14), 20, 255, cv::FILLED);
  EXPECT_EQ(worst(stage::hands({alpha, {}, 1, points_}), alpha), 0);
  const cv::Mat behind = stage::hands({alpha, hand, 0, points_});
  EXPECT_EQ(cv::countNonZero(behind & hand), 0);
  EXPECT_EQ(worst(behind, alpha, ~hand), 0);
  EXPECT_EQ(worst(stage::hands({alpha, face_, 1, points_}), alpha), 0);
}

TEST(Surroundings, TheFrameComesBackWhereItIsFree) {
  const cv::Mat original(1, 4, CV_8UC3, cv::Scalar::all(200));
  const auto picture = [](std::initializer_list<std::uint8_t> alphas) {
    return Picture{cv::Mat(1, 4, CV_8UC3, cv::Scalar::all(100)),
                   cv::Mat(std::vector<std::uint8_t>(alphas)).reshape(1, 1).clone()};
  };
  const cv::Mat free = (cv::Mat_<std::uint8_t>(1, 4) << 255, 255, 255, 0);
  const Picture back = stage::surroundings({original, free}, picture({255, 51, 0, 51}));
  const std::vector<int> want{100, 180, 200, 100}, alpha{255, 255, 255, 51};
  for (int x = 0; x < 4; ++x) {
    EXPECT_EQ(back.rgb.at<cv::Vec3b>(0, x)[1], want[static_cast<std::size_t>(x)]) << x;
    EXPECT_EQ(back.alpha.at<std::uint8_t>(0, x), alpha[static_cast<std::size_t>(x)]) << x;
  }
  const Picture nothing = stage::surroundings({original, {}}, picture({0, 0, 0, 0}));
  EXPECT_EQ(cv::countNonZero(nothing.alpha), 0) << "nothing was drawn, so no pixel of the frame comes back";
  EXPECT_EQ(worst(nothing.rgb, cv::Mat(1, 4, CV_8UC3, cv::Scalar::all(100))), 0);
}

std::string text_of(const std::string& file) {
  std::ifstream in(std::string(DEID_SOURCE_DIR) + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The first group of every match.
std::vector<std::string> all_of(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), expression);
       match != std::sregex_iterator(); ++match)
    found.push_back((*match)[1]);
  return found;
}

TEST(Stages, ThePageNamesThemInTheOrderOfTheChain) {
  const std::vector<std::string> chain =
      all_of(text_of("elements/faceswap/drawing/chain.cpp"), R"(stage::([a-z_]+)\()");
  ASSERT_GE(chain.size(), 20U);
  EXPECT_EQ(all_of(text_of("docs/faceswap-algorithm.md"), R"(\| 8\.[0-9.]+ \| `([a-z_]+)` \|)"), chain);
  for (const std::string& name : chain)
    EXPECT_TRUE(std::filesystem::exists(std::string(DEID_SOURCE_DIR) + "/elements/faceswap/drawing/stages/" +
                                        name + ".hpp"))
        << name;
}

} // namespace
} // namespace deid::faceswap
