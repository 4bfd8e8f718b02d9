#pragma once
#include <cstdint>
#include <optional>

namespace deid::statistics {

/// Count, mean, spread and extremes of distances. Uses Welford's update, which stays exact over long streams.
class RunningStats {
public:
  /// A distance above `threshold` counts in above().
  void add(double distance, double threshold);
  /// Adds all values of the other (Chan's rule).
  void add(const RunningStats& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t above() const { return above_; }
  /// All return nothing without values. sd() is that of a sample (n - 1) and needs two values.
  [[nodiscard]] std::optional<double> mean() const;
  [[nodiscard]] std::optional<double> sd() const;
  [[nodiscard]] std::optional<double> least() const;
  [[nodiscard]] std::optional<double> most() const;
  [[nodiscard]] std::optional<double> share_above() const; ///< [0..1]

private:
  std::uint64_t count_ = 0, above_ = 0;
  double mean_ = 0, squares_ = 0, least_ = 0, most_ = 0;
};

} // namespace deid::statistics
