// Mean, spread and shares of a stream, and the area under the ROC curve, against cases worked out by hand.
#include "elements/measures/statistics/roc_area.hpp"
#include "elements/measures/statistics/running_stats.hpp"
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace deid::statistics {
namespace {

TEST(RunningStats, SaysWhatItWasTold) {
  RunningStats tally;
  EXPECT_FALSE(tally.mean() || tally.sd() || tally.least() || tally.most() || tally.share_above());
  for (const double distance : {.5, .6, .7, .8})
    tally.add(distance, .6);
  EXPECT_EQ(tally.count(), 4U);
  EXPECT_NEAR(*tally.mean(), .65, 1e-15);
  EXPECT_NEAR(*tally.sd(), std::sqrt(.05 / 3), 1e-15);
  EXPECT_EQ(*tally.least(), .5);
  EXPECT_EQ(*tally.most(), .8);
  EXPECT_EQ(tally.above(), 2U); // .6 is not above .6
  EXPECT_EQ(*tally.share_above(), .5);
  RunningStats one;
  one.add(1, .6);
  EXPECT_FALSE(one.sd());
}

TEST(RunningStats, TwoMakeOne) {
  RunningStats whole, left, right, empty;
  for (int i = 0; i < 40; ++i) {
    const double distance = .3 + .02 * ((i * 7) % 40);
    whole.add(distance, .6);
    (i < 13 ? left : right).add(distance, .6);
  }
  left.add(right);
  left.add(empty);
  empty.add(left);
  for (const RunningStats& both : {left, empty}) {
    EXPECT_EQ(both.count(), whole.count());
    EXPECT_EQ(both.above(), whole.above());
    EXPECT_NEAR(*both.mean(), *whole.mean(), 1e-14);
    EXPECT_NEAR(*both.sd(), *whole.sd(), 1e-14);
    EXPECT_EQ(*both.least(), *whole.least());
    EXPECT_EQ(*both.most(), *whole.most());
  }
}

TEST(RocArea, OfCasesByHand) {
  const auto area = [](std::vector<double> own, std::vector<double> other) { return roc_area(own, other); };
  EXPECT_EQ(area({.1, .2}, {.5, .6}), 1.); // always recognised
  EXPECT_EQ(area({.5, .6}, {.1, .2}), 0.);
  EXPECT_EQ(area({.5}, {.5}), .5);           // a tie is half
  EXPECT_EQ(area({.1, .5}, {.3, .5}), .625); // of 4 pairs 2 are nearer, 1 is equal, 1 is farther
  EXPECT_EQ(area({.4, .2, .3}, {.3, .1}), 1.5 / 6);
  EXPECT_FALSE(area({}, {.1}));
  EXPECT_FALSE(area({.1}, {}));
}

} // namespace
} // namespace deid::statistics
