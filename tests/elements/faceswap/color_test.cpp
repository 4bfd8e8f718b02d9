#include "elements/faceswap/drawing/color.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include "tests/elements/faceswap/real_faces.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>
#include <random>

namespace deid::faceswap {
namespace {

TEST(Color, TheTransferTakesMeanSpreadAndLightAlong) {
  std::mt19937 random(5);
  std::normal_distribution<double> noise(0, 1);
  std::vector<cv::Vec3b> from, to;
  std::vector<cv::Point2f> places;
  for (int i = 0; i < 4000; ++i) {
    const cv::Point2f p(static_cast<float>(i % 63) / 63 - 0.5F, static_cast<float>(i % 41) / 41 - 0.5F);
    const double a = noise(random), b = noise(random), c = noise(random);
    from.emplace_back(cv::Vec3d(120 + 18 * a, 110 + 8 * a + 15 * b, 100 + 5 * b + 12 * c));
    to.emplace_back(cv::Vec3d(150 + 40 * p.x + 8 * b, 100 + 25 * p.x + 10 * a, 80 - 20 * p.y + 6 * c));
    places.push_back(p);
  }
  const Palette want = palette_of(to, places);
  EXPECT_NEAR(want.slope(0, 0), 40, 2);
  EXPECT_NEAR(want.slope(2, 1), -20, 2);
  const Transfer move = transfer(palette_of(from, places), want);
  std::vector<cv::Vec3b> moved;
  for (std::size_t i = 0; i < from.size(); ++i)
    moved.emplace_back(transferred(move, cv::Vec3d(from[i][0], from[i][1], from[i][2]), places[i]));
  const Palette have = palette_of(moved, places);
  EXPECT_LT(cv::norm(have.mean - want.mean), 1);
  EXPECT_LT(cv::norm(have.slope - want.slope), 2);
  // not exact: noise is taken into account, and the gain has bounds
  EXPECT_LT(cv::norm(have.covariance - want.covariance), 0.25 * cv::norm(want.covariance));
}

TEST(Color, FoldsDoNotTurnIntoCuts) {
  const std::vector<cv::Vec3b> flat{{118, 98, 88}, {122, 102, 92}}, harsh{{40, 30, 20}, {240, 230, 220}};
  const std::vector<cv::Point2f> places(2);
  const Transfer move = transfer(palette_of(flat, places), palette_of(harsh, places));
  const cv::Vec3d step = transferred(move, {122, 102, 92}, {}) - transferred(move, {118, 98, 88}, {});
  EXPECT_LT(cv::norm(step), 1.2 * cv::norm(cv::Vec3d(4, 4, 4)))
      << "reflections make the person's spread large";
}

TEST(Color, PicturesOfOneColourAreFine) {
  const std::vector<cv::Vec3b> gray(50, {90, 90, 90}), red(50, {200, 30, 20});
  const std::vector<cv::Point2f> places(50);
  const Transfer move = transfer(palette_of(gray, places), palette_of(red, places));
  EXPECT_LT(cv::norm(transferred(move, {90, 90, 90}, {0, 0}) - cv::Vec3d(200, 30, 20)), 0.5);
  EXPECT_THROW(palette_of({}, {}), std::invalid_argument);
}

TEST(Light, IsLearntWhereItFallsAndRemembered) {
  std::vector<cv::Vec3f> differences;
  std::vector<cv::Point2f> places;
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x) {
      places.emplace_back((static_cast<float>(x) + 0.5F) / 40, (static_cast<float>(y) + 0.5F) / 40);
      const float light = x < 20 ? 20.F : -20.F;
      differences.emplace_back(light, light, light + 5);
    }
  Light light;
  EXPECT_EQ(light.at({0.5F, 0.5F}), cv::Vec3f());
  light.learn(differences, places, 0.1);
  EXPECT_NEAR(light.at({0.1F, 0.5F})[0], 18, 4);
  EXPECT_NEAR(light.at({0.9F, 0.5F})[0], -18, 4);
  EXPECT_NEAR(light.at({0.5F, 0.5F})[0], 0, 6); // dark differences count less
  EXPECT_NEAR(light.at({0.5F, 0.2F})[2] - light.at({0.5F, 0.2F})[0], 5, 1);
  const float before = light.at({0.1F, 0.5F})[0];
  light.learn(std::vector<cv::Vec3f>(places.size()), places, 0.1);
  EXPECT_NEAR(light.at({0.1F, 0.5F})[0], 0.9F * before, 0.1);
  EXPECT_THROW(light.learn({}, places, 0.1), std::invalid_argument);
}

TEST(Light, OfGlassesHardlyColoursSkin) {
  const std::vector<cv::Vec3f> blue(100, {-20, 0, 60});
  const std::vector<cv::Point2f> places(100, {0.5F, 0.5F});
  Light light;
  light.learn(blue, places, 1);
  const cv::Vec3f at = light.at({0.5F, 0.5F});
  const float grey = (at[0] + at[1] + at[2]) / 3;
  EXPECT_GT(grey, 5);
  EXPECT_LT(cv::norm(at - cv::Vec3f::all(grey)), 8.01);
}

} // namespace
} // namespace deid::faceswap
