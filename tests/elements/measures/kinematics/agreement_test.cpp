// Statistics of agreement against SciPy and Pingouin (golden/make_goldens.py).
#include "elements/measures/kinematics/agreement.hpp"
#include "tests/elements/measures/kinematics/golden.hpp"
#include <gtest/gtest.h>

namespace deid::kinematics {
namespace {

using test::golden;
using test::list;

TEST(Agreement, IsScipysAndPingouins) {
  const auto cases = golden("agreements");
  ASSERT_EQ(cases.size(), 5U);
  for (const auto& each : cases) {
    const auto o = list(each.at("original"));
    const auto d = list(each.at("deidentified"));
    std::vector<Measured> pairs;
    for (std::size_t i = 0; i < o.size(); ++i)
      pairs.push_back({o[i], d[i]});
    const Agreement a = agreement(pairs);
    constexpr double close = 1e-8;
    EXPECT_EQ(a.n, o.size());
    EXPECT_NEAR(a.bias.get(), each.at("bias"), close);
    EXPECT_NEAR(a.sd.get(), each.at("sd"), close);
    EXPECT_NEAR(a.bias_ci.low.get(), each.at("bias_ci")[0], close);
    EXPECT_NEAR(a.bias_ci.high.get(), each.at("bias_ci")[1], close);
    const double low = each.at("limits")[0];
    const double high = each.at("limits")[1];
    const double half = each.at("limit_ci_half");
    EXPECT_NEAR(a.limit_low.get(), low, close);
    EXPECT_NEAR(a.limit_high.get(), high, close);
    EXPECT_NEAR(a.limit_low_ci.low.get(), low - half, close);
    EXPECT_NEAR(a.limit_low_ci.high.get(), low + half, close);
    EXPECT_NEAR(a.limit_high_ci.low.get(), high - half, close);
    EXPECT_NEAR(a.limit_high_ci.high.get(), high + half, close);
    EXPECT_NEAR(a.slope.get(), each.at("slope"), close);
    EXPECT_NEAR(a.ccc.get(), each.at("ccc"), close);
    EXPECT_NEAR(a.pearson.get(), each.at("pearson"), close);
    if (each.at("icc").is_null())
      continue;
    EXPECT_NEAR(a.icc.get(), each.at("icc"), close);
    EXPECT_NEAR(a.icc_ci.low.get(), each.at("icc_ci")[0], close);
    EXPECT_NEAR(a.icc_ci.high.get(), each.at("icc_ci")[1], close);
    EXPECT_NEAR(a.sem.get(), each.at("sem"), close);
    EXPECT_NEAR(a.mdc95.get(), 1.96 * std::sqrt(2.) * a.sem.get(), close);
  }
}

TEST(Agreement, ShroutAndFleissTextbookShape) {
  // Two streams, worked by hand: rows 1,2,3 against 2,3,4: MSR = 2, MSC = 1.5, MSE = 0; ICC = 2 / (2 + 2
  // * 1.5 / 3).
  const Agreement a = agreement(std::vector<Measured>{{1, 2}, {2, 3}, {3, 4}});
  EXPECT_DOUBLE_EQ(a.icc.get(), 2. / 3);
  EXPECT_DOUBLE_EQ(a.bias.get(), 1);
  EXPECT_DOUBLE_EQ(a.sd.get(), 0);
  EXPECT_DOUBLE_EQ(a.pearson.get(), 1);
  EXPECT_DOUBLE_EQ(a.ccc.get(), 2 * (2. / 3) / (2. / 3 + 2. / 3 + 1));
  EXPECT_TRUE(a.icc_ci.low.known());
}

TEST(Agreement, OfEqualValuesIsPerfect) {
  const Agreement a = agreement(std::vector<Measured>{{1, 1}, {5, 5}, {2.5, 2.5}});
  EXPECT_EQ(a.bias.get(), 0);
  EXPECT_EQ(a.limit_high.get(), 0);
  EXPECT_EQ(a.icc.get(), 1);
  EXPECT_EQ(a.icc_ci.low.get(), 1);
  EXPECT_EQ(a.icc_ci.high.get(), 1);
  EXPECT_EQ(a.ccc.get(), 1);
  EXPECT_EQ(a.sem.get(), 0);
}

TEST(Agreement, OfOnePairOrNoneIsNotThere) {
  const Agreement one = agreement(std::vector<Measured>{{3, 4}});
  const Agreement none = agreement({});
  for (const Agreement* a : {&one, &none})
    for (const Value* value : {&a->bias, &a->sd, &a->limit_low, &a->limit_high, &a->icc, &a->icc_ci.low,
                               &a->ccc, &a->sem, &a->mdc95, &a->pearson, &a->slope}) {
      EXPECT_FALSE(value->known());
      EXPECT_NE(value->why().find("at least two pairs"), std::string::npos) << value->why();
    }
}

TEST(Agreement, OfConstantValuesHasNoCorrelation) {
  const Agreement flat = agreement(std::vector<Measured>{{.1, .3}, {.1, .3}, {.1, .3}});
  EXPECT_NEAR(flat.bias.get(), .2, 1e-15);
  EXPECT_FALSE(flat.pearson.known());
  EXPECT_FALSE(flat.icc.known());
  EXPECT_FALSE(flat.ccc.known());
  EXPECT_FALSE(flat.slope.known());
  const Agreement half = agreement(std::vector<Measured>{{1, 2}, {1, 4}, {1, 3}});
  EXPECT_FALSE(half.pearson.known());
  EXPECT_TRUE(half.icc.known());
  EXPECT_EQ(half.ccc.get(), 0);
}

TEST(Agreement, CountsWhatIsNotFinite) {
  const double inf = std::numeric_limits<double>::infinity();
  const Agreement a = agreement(std::vector<Measured>{{1, 2}, {NAN, 3}, {4, inf}, {2, 2}});
  EXPECT_EQ(a.n, 2U);
  EXPECT_EQ(a.excluded, 2U);
  EXPECT_DOUBLE_EQ(a.bias.get(), .5);
}

TEST(Agreement, NeverGivesWhatIsNotFinite) {
  for (const double size : {1e-300, 1e150, 1e300}) {
    const Agreement a = agreement(std::vector<Measured>{{size, -size}, {2 * size, size}, {-size, 3 * size}});
    for (const Value* value : {&a.bias, &a.sd, &a.icc, &a.icc_ci.low, &a.ccc, &a.pearson, &a.slope})
      if (value->known()) {
        EXPECT_TRUE(std::isfinite(value->get()));
      } else {
        EXPECT_FALSE(value->why().empty());
      }
  }
}

} // namespace
} // namespace deid::kinematics
