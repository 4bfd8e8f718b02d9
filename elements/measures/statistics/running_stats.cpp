#include "elements/measures/statistics/running_stats.hpp"
#include <algorithm>
#include <cmath>

namespace deid::statistics {

namespace {

std::optional<double> when(bool known, double value) {
  return known ? std::optional(value) : std::nullopt;
}

} // namespace

void RunningStats::add(double distance, double threshold) {
  least_ = count_ == 0 ? distance : std::min(least_, distance);
  most_ = count_ == 0 ? distance : std::max(most_, distance);
  ++count_;
  const double before = distance - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (distance - mean_);
  above_ += distance > threshold ? 1 : 0;
}

void RunningStats::add(const RunningStats& other) {
  if (other.count_ == 0)
    return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const auto here = static_cast<double>(count_), there = static_cast<double>(other.count_);
  const double apart = other.mean_ - mean_;
  mean_ += apart * there / (here + there);
  squares_ += other.squares_ + apart * apart * here * there / (here + there);
  least_ = std::min(least_, other.least_);
  most_ = std::max(most_, other.most_);
  count_ += other.count_;
  above_ += other.above_;
}

std::optional<double> RunningStats::mean() const {
  return when(count_ > 0, mean_);
}
std::optional<double> RunningStats::sd() const {
  return count_ > 1 ? std::optional(std::sqrt(squares_ / static_cast<double>(count_ - 1))) : std::nullopt;
}
std::optional<double> RunningStats::least() const {
  return when(count_ > 0, least_);
}
std::optional<double> RunningStats::most() const {
  return when(count_ > 0, most_);
}
std::optional<double> RunningStats::share_above() const {
  return count_ > 0 ? std::optional(static_cast<double>(above_) / static_cast<double>(count_)) : std::nullopt;
}

} // namespace deid::statistics
