#include "elements/measures/coco/evaluation.hpp"
#include <algorithm>
#include <limits>
#include <numeric>

namespace deid::coco {

namespace {

/// Precision and recall of one category, range and threshold.
struct Curve {
  double precision = 0; ///< sum of the precision at the 101 recall points
  double recall = 0;
};

/// Indices of the detections, best score first. Equal scores stay in frame order.
std::vector<std::uint32_t> by_score(std::span<const ScoredDetection> detections) {
  std::vector<std::uint32_t> order(detections.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::greater{}, [&](std::uint32_t i) { return detections[i].score; });
  return order;
}

Curve curve(const CategoryRecord& record, std::span<const std::uint32_t> order, std::size_t range,
            std::size_t t, double to_find) {
  std::vector<double> recall, precision;
  recall.reserve(order.size());
  precision.reserve(order.size());
  double found = 0, wrong = 0;
  for (const std::uint32_t i : order) {
    const ScoredDetection& row = record.detections[i];
    if (((row.ignored[range] >> t) & 1U) == 0) // an ignored detection keeps its place and changes nothing
      ((row.found[range] >> t) & 1U) != 0 ? ++found : ++wrong;
    recall.push_back(found / to_find);
    precision.push_back(found / (wrong + found + std::numeric_limits<double>::epsilon()));
  }
  for (std::size_t i = precision.size(); i-- > 1;)
    precision[i - 1] = std::max(precision[i - 1], precision[i]);
  Curve result{.recall = recall.empty() ? 0 : recall.back()};
  std::size_t at = 0;
  for (const double point : recall_points()) {
    while (at < recall.size() && recall[at] < point)
      ++at;
    if (at == recall.size())
      break; // this recall is never reached: precision 0
    result.precision += precision[at];
  }
  return result;
}

/// Sums over all categories, for one range.
struct Sums {
  std::array<Curve, threshold_count> curves{};
  std::size_t categories = 0; ///< with a person to find
};

Sums sums_of(std::span<const CategoryRecord> records, std::size_t range) {
  Sums sums;
  for (const CategoryRecord& record : records) {
    double to_find = 0;
    for (const auto& frame : record.truths)
      to_find += frame[range];
    if (to_find == 0)
      continue;
    ++sums.categories;
    const auto order = by_score(record.detections);
    for (std::size_t t = 0; t < threshold_count; ++t) {
      const Curve one = curve(record, order, range, t, to_find);
      sums.curves[t].precision += one.precision;
      sums.curves[t].recall += one.recall;
    }
  }
  return sums;
}

double mean(const std::array<double, threshold_count>& values) {
  return values[0] < 0 ? -1 : std::accumulate(values.begin(), values.end(), 0.) / threshold_count;
}

} // namespace

Scores Evaluation::scores() const {
  Scores scores;
  for (std::size_t range = 0; range < range_count; ++range) {
    const Sums sums = sums_of(records_, range);
    const auto categories = static_cast<double>(sums.categories);
    for (std::size_t t = 0; t < threshold_count; ++t) {
      scores.ap[range][t] =
          sums.categories == 0 ? -1 : sums.curves[t].precision / (recall_count * categories);
      scores.ar[range][t] = sums.categories == 0 ? -1 : sums.curves[t].recall / categories;
    }
  }
  const auto& ap = scores.ap;
  const auto& ar = scores.ar;
  scores.stats = {mean(ap[all]), ap[all][0], ap[all][5], mean(ap[medium]), mean(ap[large]),
                  mean(ar[all]), ar[all][0], ar[all][5], mean(ar[medium]), mean(ar[large])};
  scores.ap95 = ap[all].back();
  scores.ar95 = ar[all].back();
  return scores;
}

} // namespace deid::coco
