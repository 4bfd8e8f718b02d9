// Comparison with scikit-learn's result on the same rows, from make_golden.py.
#include "elements/measures/statistics/tsne.hpp"
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace deid::test {
namespace {
using namespace statistics;

cv::Mat rows_of(int groups, int each, int width, double spread) {
  std::uint64_t state = 1;
  const auto value = [&state] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state >> 11U) / 9007199254740992.;
  };
  cv::Mat rows(groups * each, width, CV_64F);
  for (int g = 0; g < groups; ++g) {
    std::vector<double> middle;
    for (int k = 0; k < width; ++k)
      middle.push_back(value());
    for (int i = 0; i < each; ++i)
      for (int k = 0; k < width; ++k)
        rows.at<double>(g * each + i, k) = middle[static_cast<std::size_t>(k)] + spread * (value() - .5);
  }
  return rows;
}

TEST(Tsne, AsGoodAsScikitLearn) {
  const auto golden = nlohmann::json::parse(
      std::ifstream(DEID_SOURCE_DIR "/tests/elements/measures/statistics/tsne_golden.json"));
  for (const auto& c : golden["cases"]) {
    const cv::Mat rows = rows_of(c["groups"], c["each"], c["width"], c["spread"]);
    ASSERT_DOUBLE_EQ(rows.at<double>(0, 0), c["first"].get<double>());
    ASSERT_DOUBLE_EQ(rows.at<double>(rows.rows - 1, rows.cols - 1), c["last"].get<double>());
    const Tsne result = tsne(rows);
    // Scikit-learn's own ends differ by up to a half: another rounding, thus another compiler, ends
    // elsewhere.
    EXPECT_LE(result.kl, 1.05 * c["kl_most"].get<double>()) << c.dump();
    EXPECT_GE(result.kl, .95 * c["kl_least"].get<double>()) << c.dump();
    EXPECT_GE(trustworthiness(rows, result.points), c["trustworthiness_least"].get<double>() - .01)
        << c.dump();
  }
}

TEST(Tsne, HasNoChanceInIt) {
  const cv::Mat rows = rows_of(3, 12, 128, .5);
  EXPECT_EQ(tsne(rows).points, tsne(rows).points);
}

TEST(Tsne, KeepsGroupsTogether) {
  const cv::Mat rows = rows_of(3, 12, 128, .2);
  const auto points = tsne(rows).points;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = 0; j < points.size(); ++j)
      for (std::size_t k = 0; k < points.size(); ++k)
        if (i / 12 == j / 12 && i / 12 != k / 12) {
          EXPECT_LT(cv::norm(points[i] - points[j]), cv::norm(points[i] - points[k]));
        }
}

TEST(Tsne, RefusesAndBears) {
  EXPECT_THROW(tsne(cv::Mat(3, 128, CV_64F, cv::Scalar(0))), std::invalid_argument);
  EXPECT_THROW(tsne(cv::Mat(30, 128, CV_32F, cv::Scalar(0))), std::invalid_argument);
  for (const cv::Point2d& point : tsne(cv::Mat(12, 128, CV_64F, cv::Scalar(1))).points) // all the same
    EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y));
}

TEST(Trustworthiness, OneForThePlaceItself) {
  const cv::Mat rows = rows_of(1, 30, 2, 1);
  std::vector<cv::Point2d> same, turned;
  for (int i = 0; i < rows.rows; ++i)
    same.emplace_back(rows.at<double>(i, 0), rows.at<double>(i, 1));
  EXPECT_DOUBLE_EQ(trustworthiness(rows, same), 1);
  turned.assign(same.rbegin(), same.rend());
  EXPECT_LT(trustworthiness(rows, turned), .9);
}

} // namespace
} // namespace deid::test
