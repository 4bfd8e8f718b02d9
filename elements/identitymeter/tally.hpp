#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace deid::identity {

/// Distances in one heap: how many, where, how far apart. Welford's update, so that nothing is lost over long
/// streams.
class Tally {
public:
  /// above: what counts as above is distance > threshold.
  void add(double distance, double threshold);
  /// Takes the others' in as if each had been added here (Chan's rule).
  void add(const Tally& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t above() const { return above_; }
  /// Nothing without values; the spread, of a sample (n - 1), without two.
  [[nodiscard]] std::optional<double> mean() const;
  [[nodiscard]] std::optional<double> sd() const;
  [[nodiscard]] std::optional<double> least() const;
  [[nodiscard]] std::optional<double> most() const;
  [[nodiscard]] std::optional<double> share_above() const; ///< [0..1]

private:
  std::uint64_t count_ = 0, above_ = 0;
  double mean_ = 0, squares_ = 0, least_ = 0, most_ = 0;
};

/// Area under the ROC curve of somebody who takes the nearer for the same person: the probability that a
/// distance of `own` is smaller than one of `other`, equal ones counted half [0..1]. 1: always recognised,
/// .5: chance. Nothing when either is empty.
std::optional<double> roc_area(std::span<const double> own, std::span<const double> other);

} // namespace deid::identity
