// Quantiles and medians against numpy's answers.
#include "elements/measures/statistics/quantile.hpp"
#include "models/statistics/median.hpp"
#include <gtest/gtest.h>

namespace deid::statistics {
namespace {

TEST(Quantile, LiesLinearlyBetweenNeighbours) {
  const std::vector<double> sorted{1, 2, 4, 8};
  EXPECT_DOUBLE_EQ(quantile(sorted, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(sorted, .5), 3);
  EXPECT_DOUBLE_EQ(quantile(sorted, .9), 6.8);
  EXPECT_DOUBLE_EQ(quantile(sorted, 1), 8);
  EXPECT_DOUBLE_EQ(percentile({8, 1, 4, 2}, .9), 6.8);
  EXPECT_EQ(percentile({}, .9), 0);
}

TEST(Median, OfEvenAndOddCounts) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(upper_median<float>({3, 1, 2}), 2);
  EXPECT_EQ(upper_median<float>({4, 1, 2, 3}), 3);
}

} // namespace
} // namespace deid::statistics
