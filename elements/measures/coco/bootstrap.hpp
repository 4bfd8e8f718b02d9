#pragma once
#include "elements/measures/coco/preservation.hpp"
#include <random>

namespace deid::coco {

/// The range of 95 % of the resamples. Both are -1 when no resample had a person to find.
struct Interval {
  double low = -1, high = -1;
};

struct BootstrapRule {
  std::size_t block = 30;       ///< consecutive frames drawn together, >= 1; 1 to 2 s of video are usual
  std::size_t resamples = 1000; ///< >= 1
  std::uint64_t seed = 1;       ///< the same seed gives the same intervals on any machine
};

struct Intervals {
  Interval ap, ap50, ap75, ap95, ar, ar50, ar75, ar95; ///< of all areas
  Interval median;                                     ///< of the OKS of pairs
  std::array<Interval, marks.size()> at_least{}; ///< share of people (missing ones too) with OKS >= marks[i]
};

/// Moving-block bootstrap over the frames (Kuensch 1989), because frames of one video are not independent.
/// Requires: both arguments received the same frames. Equal scores are ranked by the original frame order. A
/// resample takes about 0.5 ms for 10,000 people. Throws std::invalid_argument on a rule out of range and on
/// different frames.
Intervals bootstrap(const Evaluation& evaluation, const Preservation& preservation,
                    const BootstrapRule& rule);

} // namespace deid::coco
