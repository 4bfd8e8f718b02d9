#pragma once
#include "elements/measures/coco/evaluation.hpp"
#include "elements/measures/coco/people.hpp"
#include <array>
#include <span>
#include <vector>

namespace deid::coco {

constexpr std::array<double, 3> marks{.85, .95, .99};

/// A distribution of similarities. Quantiles are interpolated linearly, as numpy does by default. All values
/// are 0 when n is 0.
struct Distribution {
  std::size_t n = 0;
  double min = 0, p1 = 0, p5 = 0, p25 = 0, median = 0, p75 = 0;
  std::array<std::size_t, marks.size()> at_least{}; ///< values >= marks[i]
  std::array<std::size_t, 100> histogram{};         ///< [i/100, (i+1)/100), the last with 1
};

/// Requires values in [0, 1].
Distribution distribution_of(std::vector<double> values);

/// One COCO point over all pairs whose truth has it labelled.
struct PointReport {
  Distribution similarity{}; ///< a point that is absent in the detection counts as 0
  std::size_t missing = 0; ///< pairs in which the detection lacks the point: infinitely far, 0,0,0 or -1,-1,0
};

/// The OKS of a pair and its frame.
struct FrameOks {
  std::uint32_t frame = 0; ///< index of the call of add()
  double oks = 0;
};

/// Similarity of people in original and de-identified frames, as in the paper's figures 7 and 8. Each truth
/// is compared with the detection that pair_up() gives it, without a threshold. Ignored truths and their
/// partners are left out. Not thread-safe.
class Preservation {
public:
  void add(std::span<const Truth> truths, std::span<const Detection> detections);

  [[nodiscard]] Distribution oks() const;
  [[nodiscard]] PointReport point(std::size_t index) const; ///< [0..16]
  [[nodiscard]] std::span<const FrameOks> pairs() const { return pairs_; }
  [[nodiscard]] std::size_t frames() const { return people_.size(); }
  /// Number of truths in each frame. A share of people counts missing people as not preserved; a share of
  /// pairs does not.
  [[nodiscard]] std::span<const std::uint32_t> people() const { return people_; }
  [[nodiscard]] std::size_t missing_people() const { return missing_people_; } ///< truths without a detection
  [[nodiscard]] std::size_t extra_people() const { return extra_people_; }     ///< detections without a truth

private:
  std::vector<FrameOks> pairs_{};
  std::vector<std::uint32_t> people_{};
  std::array<std::vector<double>, point_count> points_{};
  std::array<std::size_t, point_count> missing_points_{};
  std::size_t missing_people_ = 0, extra_people_ = 0;
};

} // namespace deid::coco
