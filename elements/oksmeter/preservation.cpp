#include "elements/oksmeter/preservation.hpp"
#include <algorithm>
#include <cmath>

namespace deid::oks {

namespace {

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::size_t bin_of(double value) {
  const auto bin = static_cast<std::size_t>(std::clamp(value, 0., 1.) * 100);
  // .29 * 100 is 28.999…: the bin's own bounds decide
  return std::min<std::size_t>(bin + (value >= static_cast<double>(bin + 1) / 100 ? 1 : 0), 99);
}

/// Ours, and the two ways in which files of results say it.
bool absent(const coco::Points& points, std::size_t i) {
  const double x = points.x[i], y = points.y[i];
  return std::isinf(x) || (points.v[i] <= 0 && x == y && (x == 0 || x == -1));
}

bool ignored(const coco::Truth& truth) {
  return truth.crowd || truth.empty;
}

} // namespace

Distribution distribution_of(std::vector<double> values) {
  Distribution result{.n = values.size()};
  if (values.empty())
    return result;
  std::ranges::sort(values);
  result.min = values.front();
  result.p1 = quantile(values, .01);
  result.p5 = quantile(values, .05);
  result.p25 = quantile(values, .25);
  result.median = quantile(values, .5);
  result.p75 = quantile(values, .75);
  for (std::size_t i = 0; i < marks.size(); ++i)
    result.at_least[i] = static_cast<std::size_t>(values.end() - std::ranges::lower_bound(values, marks[i]));
  for (const double value : values)
    ++result.histogram[bin_of(value)];
  return result;
}

void Preservation::add(std::span<const coco::Truth> truths, std::span<const coco::Detection> detections) {
  const auto frame = static_cast<std::uint32_t>(people_.size());
  const auto to_find = static_cast<std::size_t>(std::ranges::count_if(truths, std::not_fn(ignored)));
  people_.push_back(static_cast<std::uint32_t>(to_find));
  const std::vector<Pair> paired = pair_up(truths, detections);
  missing_people_ += to_find;
  extra_people_ += detections.size() - paired.size();
  for (const Pair& pair : paired) {
    const coco::Truth& truth = truths[pair.truth];
    if (ignored(truth))
      continue;
    --missing_people_;
    pairs_.push_back({frame, pair.oks});
    const coco::Points& points = detections[pair.detection].points;
    const auto each = similarities(truth, points);
    for (std::size_t i = 0; i < coco::point_count; ++i)
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

} // namespace deid::oks
