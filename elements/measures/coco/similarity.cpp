#include "elements/measures/coco/evaluation.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace deid::coco {

namespace {

/// kappa^2 with kappa = 2 sigma. COCO measured sigma between annotators.
const std::array<double, point_count>& variances() {
  static const std::array<double, point_count> all = [] {
    std::array<double, point_count> v{.26, .25, .25,  .35,  .35, .79, .79, .72, .72,
                                      .62, .62, 1.07, 1.07, .87, .87, .89, .89};
    for (double& one : v)
      one = (one / 10. * 2) * (one / 10. * 2);
    return v;
  }();
  return all;
}

/// Sums up to 128 numbers in numpy's order: eight running sums, then the rest. The order makes the last bits
/// equal.
double sum(std::span<const double> numbers) {
  if (numbers.size() < 8) {
    double total = 0;
    for (const double number : numbers)
      total += number;
    return total;
  }
  std::array<double, 8> r{};
  std::copy_n(numbers.begin(), 8, r.begin());
  std::size_t i = 8;
  for (; i + 8 <= numbers.size(); i += 8)
    for (std::size_t j = 0; j < 8; ++j)
      r[j] += numbers[i + j];
  double total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < numbers.size(); ++i)
    total += numbers[i];
  return total;
}

bool any_labelled(const Points& points) {
  return std::ranges::any_of(points.v, [](double v) { return v > 0; });
}

/// Distance of the value from [low, high]; 0 inside.
double outside(double low, double high, double value) {
  return std::max(0., low - value) + std::max(0., value - high);
}

double exponent(double dx, double dy, std::size_t point, double area) {
  return (dx * dx + dy * dy) / variances()[point] / (area + std::numeric_limits<double>::epsilon()) / 2;
}

} // namespace

std::array<double, point_count> similarities(const Truth& truth, const Points& detected) {
  const bool labelled = any_labelled(truth.points);
  const Box& box = truth.box;
  std::array<double, point_count> all{};
  for (std::size_t i = 0; i < point_count; ++i) {
    const double dx = labelled ? detected.x[i] - truth.points.x[i]
                               : outside(box.x - box.width, box.x + box.width * 2, detected.x[i]);
    const double dy = labelled ? detected.y[i] - truth.points.y[i]
                               : outside(box.y - box.height, box.y + box.height * 2, detected.y[i]);
    all[i] = std::exp(-exponent(dx, dy, i, truth.area));
  }
  return all;
}

double oks(const Truth& truth, const Points& detected) {
  const auto every = similarities(truth, detected);
  if (!any_labelled(truth.points))
    return sum(every) / static_cast<double>(every.size());
  std::array<double, point_count> labelled{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < point_count; ++i)
    if (truth.points.v[i] > 0)
      labelled[count++] = every[i];
  return sum(std::span(labelled).first(count)) / static_cast<double>(count);
}

} // namespace deid::coco
