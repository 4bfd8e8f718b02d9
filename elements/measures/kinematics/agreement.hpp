#pragma once
#include "elements/measures/kinematics/value.hpp"
#include <cstddef>
#include <span>

namespace deid::kinematics {

/// A confidence interval.
struct Interval {
  Value low{}, high{};
};

/// One scalar of one clip or one cycle, measured in both streams.
struct Measured {
  double original = 0, deidentified = 0;
};

/// Agreement of two measurements of the same quantity. All values are n/a when n is 1. The intervals assume
/// independent values. Clips are independent, cycles roughly, neighbouring frames are not.
struct Agreement {
  std::size_t n = 0;        ///< pairs with two finite values
  std::size_t excluded = 0; ///< pairs without two finite values
  Value bias{};             ///< mean of de-identified - original
  Interval bias_ci{};       ///< 95 %, Student's t
  Value sd{};               ///< standard deviation of the differences (n - 1)
  Value limit_low{};        ///< Bland & Altman 1986: bias -+ 1.96 sd
  Value limit_high{};
  Interval limit_low_ci{}; ///< 95 %: +- t sd sqrt(3 / n)
  Interval limit_high_ci{};
  Value slope{};     ///< slope of the difference over the mean of both (proportional bias)
  Value icc{};       ///< ICC(2,1), absolute agreement, single rater (Shrout & Fleiss 1979)
  Interval icc_ci{}; ///< 95 %, McGraw & Wong 1996, ICC(A,1)
  Value ccc{};       ///< Lin 1989, moments over n
  Value sem{};       ///< SD of all values * sqrt(1 - ICC)
  Value mdc95{};     ///< 1.96 sqrt(2) SEM
  Value pearson{};   ///< says little without the other values
};
Agreement agreement(std::span<const Measured> pairs);

} // namespace deid::kinematics
