// Means, spreads and intervals against cases worked out by hand and in the literature.
#include "elements/measures/statistics/spread.hpp"
#include <cmath>
#include <gtest/gtest.h>

namespace deid::test {
namespace {
using namespace statistics;

TEST(Spread, OfNumbers) {
  const Spread s = spread_of({4, 1, 3, 2});
  EXPECT_EQ(s.n, 4U);
  EXPECT_DOUBLE_EQ(s.mean, 2.5);
  EXPECT_DOUBLE_EQ(s.sd, std::sqrt(5. / 3));
  EXPECT_DOUBLE_EQ(s.min, 1);
  EXPECT_DOUBLE_EQ(s.median, 2.5);
  EXPECT_DOUBLE_EQ(s.max, 4);
  EXPECT_EQ(spread_of({}).n, 0U);
  EXPECT_EQ(spread_of({7}).sd, 0);
}

TEST(Spread, DoesNotDependOnTheOrder) {
  std::vector<double> up, down;
  for (int i = 0; i < 1000; ++i)
    up.push_back(std::sin(i) * std::pow(10, i % 7));
  down.assign(up.rbegin(), up.rend());
  EXPECT_EQ(spread_of(up).mean, spread_of(down).mean);
  EXPECT_EQ(spread_of(up).sd, spread_of(down).sd);
}

TEST(Wilson, AsInTheLiterature) {
  // Newcombe 1998: 81 of 263 gives .2553 to .3662, 0 of 20 gives 0 to .1611
  const Interval some = wilson(81, 263), none = wilson(0, 20), all = wilson(20, 20);
  EXPECT_NEAR(some.low, .2553, 5e-5);
  EXPECT_NEAR(some.high, .3662, 5e-5);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, .1611, 5e-5);
  EXPECT_NEAR(all.low, 1 - none.high, 1e-12);
  EXPECT_FALSE(wilson(0, 0).known);
}

TEST(ByPeople, DrawsPeopleAndNotFaces) {
  EXPECT_FALSE(by_people(std::vector<HitCount>{{3, 10}}).known);
  EXPECT_FALSE(by_people(std::vector<HitCount>{{3, 10}, {0, 0}}).known);
  const Interval same = by_people(std::vector<HitCount>{{5, 10}, {500, 1000}});
  EXPECT_DOUBLE_EQ(same.low, .5);
  EXPECT_DOUBLE_EQ(same.high, .5);
  // a thousand hits of one person, none of the other: a third person's rate is unknown
  const Interval apart = by_people(std::vector<HitCount>{{1000, 1000}, {0, 1000}});
  EXPECT_DOUBLE_EQ(apart.low, 0);
  EXPECT_DOUBLE_EQ(apart.high, 1);
  EXPECT_EQ(by_people(std::vector<HitCount>{{1, 3}, {2, 3}, {0, 4}}).low,
            by_people(std::vector<HitCount>{{1, 3}, {2, 3}, {0, 4}}).low);
}

} // namespace
} // namespace deid::test
