#include "elements/measures/coco/preservation.hpp"
#include <algorithm>
#include <cmath>

namespace deid::coco {

namespace {

/// Computes quantiles that are asked for in ascending order. A call looks only at values above the previous
/// quantile.
class Quantiles {
public:
  explicit Quantiles(std::vector<double>& values) : values_(values) {}
  double operator()(double q) {
    const double at = q * static_cast<double>(values_.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values_.size() - 1);
    settle(below);
    settle(above);
    return values_[below] + (at - static_cast<double>(below)) * (values_[above] - values_[below]);
  }

private:
  void settle(std::size_t index) {
    if (index < settled_)
      return;
    std::nth_element(values_.begin() + static_cast<std::ptrdiff_t>(settled_),
                     values_.begin() + static_cast<std::ptrdiff_t>(index), values_.end());
    settled_ = index + 1; // the values below are unsorted, but no later quantile needs them
  }

  std::vector<double>& values_;
  std::size_t settled_ = 0;
};

std::size_t bin_of(double value) {
  const auto bin = static_cast<std::size_t>(std::clamp(value, 0., 1.) * 100);
  // .29 * 100 is 28.999…: the bin's own bounds decide
  return std::min<std::size_t>(bin + (value >= static_cast<double>(bin + 1) / 100 ? 1 : 0), 99);
}

/// True for our own mark of an absent point, and for the two marks that result files use.
bool absent(const Points& points, std::size_t i) {
  const double x = points.x[i], y = points.y[i];
  return std::isinf(x) || (points.v[i] <= 0 && x == y && (x == 0 || x == -1));
}

bool ignored(const Truth& truth) {
  return truth.crowd || truth.empty;
}

} // namespace

Distribution distribution_of(std::vector<double> values) {
  Distribution result{.n = values.size()};
  if (values.empty())
    return result;
  Quantiles quantile(values);
  result.min = quantile(0);
  result.p1 = quantile(.01);
  result.p5 = quantile(.05);
  result.p25 = quantile(.25);
  result.median = quantile(.5);
  result.p75 = quantile(.75);
  for (std::size_t i = 0; i < marks.size(); ++i)
    result.at_least[i] = static_cast<std::size_t>(
        std::ranges::count_if(values, [&](double value) { return value >= marks[i]; }));
  for (const double value : values)
    ++result.histogram[bin_of(value)];
  return result;
}

void Preservation::add(std::span<const Truth> truths, std::span<const Detection> detections) {
  const auto frame = static_cast<std::uint32_t>(people_.size());
  const auto to_find = static_cast<std::size_t>(std::ranges::count_if(truths, std::not_fn(ignored)));
  people_.push_back(static_cast<std::uint32_t>(to_find));
  const std::vector<Pair> paired = pair_up(truths, detections);
  missing_people_ += to_find;
  extra_people_ += detections.size() - paired.size();
  for (const Pair& pair : paired) {
    const Truth& truth = truths[pair.truth];
    if (ignored(truth))
      continue;
    --missing_people_;
    pairs_.push_back({frame, pair.oks});
    const Points& points = detections[pair.detection].points;
    const auto each = similarities(truth, points);
    for (std::size_t i = 0; i < point_count; ++i)
      if (truth.points.v[i] > 0) {
        points_[i].push_back(each[i]);
        missing_points_[i] += absent(points, i) ? 1 : 0;
      }
  }
}

Distribution Preservation::oks() const {
  std::vector<double> values;
  values.reserve(pairs_.size());
  for (const FrameOks& pair : pairs_)
    values.push_back(pair.oks);
  return distribution_of(std::move(values));
}

PointReport Preservation::point(std::size_t index) const {
  return {distribution_of(points_.at(index)), missing_points_.at(index)};
}

} // namespace deid::coco
