#pragma once
#include "elements/oksmeter/preservation.hpp"
#include <random>

namespace deid::oks {

/// 95 % of the resamples lie between these; both -1 where no resample had anybody to find.
struct Interval {
  double low = -1, high = -1;
};

struct BootstrapRule {
  std::size_t block = 30; ///< [frames] in a row: neighbours are alike. 1 to 2 s of video are usual. >= 1
  std::size_t resamples = 1000; ///< >= 1
  std::uint64_t seed = 1;       ///< the same seed gives the same intervals on any machine
};

struct Intervals {
  Interval ap, ap50, ap75, ap95, ar, ar50, ar75, ar95; ///< of all areas
  Interval median;                                     ///< of the pairs' OKS
  std::array<Interval, marks.size()> at_least{}; ///< share of people (missing ones too) with OKS >= marks[i]
};

/// A whole number below `bound`; std::uniform_int_distribution differs between libraries.
std::size_t below(std::size_t bound, std::mt19937_64& random);

/// Moving-block bootstrap over the frames (Kuensch 1989): frames of one video are not independent. Both were
/// given the same frames. Equal scores are ranked by the frames' first order. About 0.5 ms a resample for
/// 10,000 people. Throws std::invalid_argument on a rule out of range or on different frames.
Intervals bootstrap(const Evaluation& evaluation, const Preservation& preservation,
                    const BootstrapRule& rule);

} // namespace deid::oks
