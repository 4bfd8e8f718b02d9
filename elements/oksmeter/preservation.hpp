#pragma once
#include "elements/oksmeter/evaluation.hpp"
#include "elements/oksmeter/people.hpp"
#include <array>
#include <span>
#include <vector>

namespace deid::oks {

constexpr std::array<double, 3> marks{.85, .95, .99};

/// A distribution of similarities. Quantiles are interpolated linearly (numpy's default); all are 0 when n is
/// 0.
struct Distribution {
  std::size_t n = 0;
  double min = 0, p1 = 0, p5 = 0, p25 = 0, median = 0, p75 = 0;
  std::array<std::size_t, marks.size()> at_least{}; ///< values >= marks[i]
  std::array<std::size_t, 100> histogram{};         ///< [i/100, (i+1)/100), the last with 1
};

/// Requires values in [0, 1].
Distribution distribution_of(std::vector<double> values);

/// One COCO point over all pairs in whose truth it is labelled.
struct PointReport {
  Distribution similarity{}; ///< an absent detection's point counts as 0
  std::size_t missing = 0;   ///< how often it is absent in the detection: infinitely far; 0,0,0 or -1,-1,0
};

/// A pair's OKS and the frame it is of.
struct FrameOks {
  std::uint32_t frame = 0; ///< index of the call of add()
  double oks = 0;
};

/// How alike the people of original and de-identified frames are, as in the paper's figures 7 and 8: every
/// truth against the detection most like it, no threshold. Ignored truths and who is paired with them stay
/// out. Not thread-safe.
class Preservation {
public:
  void add(std::span<const coco::Truth> truths, std::span<const coco::Detection> detections);

  [[nodiscard]] Distribution oks() const;
  [[nodiscard]] PointReport point(std::size_t index) const; ///< [0..16]
  [[nodiscard]] std::span<const FrameOks> pairs() const { return pairs_; }
  [[nodiscard]] std::size_t frames() const { return people_.size(); }
  /// How many truths each frame has. A share of people, unlike one of pairs, counts the missing as not
  /// preserved.
  [[nodiscard]] std::span<const std::uint32_t> people() const { return people_; }
  [[nodiscard]] std::size_t missing_people() const { return missing_people_; } ///< truths without a detection
  [[nodiscard]] std::size_t extra_people() const { return extra_people_; }     ///< detections without a truth

private:
  std::vector<FrameOks> pairs_{};
  std::vector<std::uint32_t> people_{};
  std::array<std::vector<double>, coco::point_count> points_{};
  std::array<std::size_t, coco::point_count> missing_points_{};
  std::size_t missing_people_ = 0, extra_people_ = 0;
};

} // namespace deid::oks
