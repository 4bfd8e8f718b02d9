#include "pipelines/deid/evaluate/report/leaks.hpp"
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace deid::test {
namespace {
using namespace evaluate;

struct Leaks : testing::Test {
  cv::Mat original = cv::Mat(120, 160, CV_8U);
  const Seen face{{50, 30, 40, 50}, .9F, {{60, 50}, {80, 50}, {70, 60}, {62, 70}, {78, 70}}};
  void SetUp() override { cv::randu(original, 0, 200); }
  [[nodiscard]] cv::Mat covered(const cv::Rect& where) const {
    cv::Mat result = original.clone();
    result(where) = cv::Scalar(255);
    return result;
  }
};

TEST_F(Leaks, AnUnchangedFaceIsShown) {
  const auto all = shown(original, original, face);
  ASSERT_TRUE(all.has_value());
  EXPECT_DOUBLE_EQ(all->inner, 1);
  EXPECT_DOUBLE_EQ(all->mark, 1);
  EXPECT_TRUE(all->leak());
}

TEST_F(Leaks, ACoveredFaceIsNot) {
  const auto none = shown(original, covered({45, 25, 50, 60}), face);
  ASSERT_TRUE(none.has_value());
  EXPECT_DOUBLE_EQ(none->inner, 0);
  EXPECT_DOUBLE_EQ(none->mark, 0);
  EXPECT_FALSE(none->leak());
}

TEST_F(Leaks, HalfAFaceIs) {
  const auto half = shown(original, covered({45, 25, 25, 60}), face);
  ASSERT_TRUE(half.has_value());
  EXPECT_NEAR(half->inner, .5, .06);
  EXPECT_TRUE(half->leak());
}

TEST_F(Leaks, OneLandmarkIsEnough) {
  cv::Mat result = covered({45, 25, 50, 60});
  const cv::Rect eye(53, 43, 14, 14); // wider than what is filled
  original(eye).copyTo(result(eye));
  const auto seen = shown(original, result, face);
  ASSERT_TRUE(seen.has_value());
  EXPECT_GT(seen->mark, mark_shown);
  EXPECT_TRUE(seen->leak());
}

TEST_F(Leaks, TwoLevelsAreTheOriginalsAndNarrowPlacesDoNotCount) {
  EXPECT_TRUE(shown(original, original + 2, face)->leak());
  EXPECT_FALSE(shown(original, original + 3, face)->leak());
  cv::Mat stripes = covered({45, 25, 50, 60});
  for (int x = 45; x < 95; x += 8)
    original(cv::Rect(x, 25, 3, 60)).copyTo(stripes(cv::Rect(x, 25, 3, 60)));
  EXPECT_FALSE(shown(original, stripes, face)->leak());
}

TEST_F(Leaks, AtTheEdgeAndOutside) {
  const Seen edge{{-20, 30, 40, 50}, .9F, {}}, outside{{-60, 30, 40, 50}, .9F, {}},
      beyond{{500, 500, 40, 50}, .9F, {}};
  EXPECT_TRUE(shown(original, original, edge)->leak());
  EXPECT_FALSE(shown(original, original, outside).has_value());
  EXPECT_FALSE(shown(original, original, beyond).has_value());
  EXPECT_THROW(shown(original, cv::Mat(1, 1, CV_8U), face), std::invalid_argument);
  EXPECT_THROW(shown(original, cv::Mat(120, 160, CV_8UC3), face), std::invalid_argument);
}

} // namespace
} // namespace deid::test
