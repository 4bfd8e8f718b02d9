#pragma once
#include "elements/oksmeter/clinical/value.hpp"
#include <cstddef>
#include <span>

namespace deid::clinical {

/// An interval of confidence.
struct Interval {
  Value low{}, high{};
};

/// One scalar, measured in both streams: of one clip, or of one cycle.
struct Measured {
  double original = 0, deidentified = 0;
};

/// How far two ways of measuring the same thing agree. n = 1 says nothing: all n/a. The intervals suppose
/// that the values are independent: true of clips, roughly of cycles, not of neighbouring frames.
struct Agreement {
  std::size_t n = 0;        ///< pairs with two finite values
  std::size_t excluded = 0; ///< pairs without
  Value bias{};             ///< mean of de-identified - original
  Interval bias_ci{};       ///< 95 %, Student's t
  Value sd{};               ///< of the differences (n - 1)
  Value limit_low{};        ///< Bland & Altman 1986: bias -+ 1.96 sd
  Value limit_high{};
  Interval limit_low_ci{}; ///< 95 %: +- t sd sqrt(3 / n)
  Interval limit_high_ci{};
  Value slope{};     ///< of the difference on the mean of both (proportional bias)
  Value icc{};       ///< ICC(2,1), absolute agreement, single rater (Shrout & Fleiss 1979)
  Interval icc_ci{}; ///< 95 %, McGraw & Wong 1996, ICC(A,1)
  Value ccc{};       ///< Lin 1989, moments over n
  Value sem{};       ///< SD of all values * sqrt(1 - ICC)
  Value mdc95{};     ///< 1.96 sqrt(2) SEM
  Value pearson{};   ///< never to be read alone
};
Agreement agreement(std::span<const Measured> pairs);

} // namespace deid::clinical
