#include "elements/measures/coco/bootstrap.hpp"
#include "elements/measures/statistics/random.hpp"
#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace deid::coco {

namespace {

/// How many times each frame occurs in the resample.
using Weights = std::vector<std::uint32_t>;
using PerThreshold = std::array<double, threshold_count>;

void draw(Weights& weights, std::size_t block, std::mt19937_64& random) {
  std::ranges::fill(weights, 0U);
  block = std::min(block, weights.size());
  for (std::size_t drawn = 0; drawn < weights.size();) {
    const std::size_t start = statistics::below(weights.size() - block + 1, random);
    for (std::size_t i = 0; i < block && drawn < weights.size(); ++i, ++drawn)
      ++weights[start + i];
  }
}

/// The detections of one category at one threshold, best score first, without ignored ones.
struct Ranked {
  std::vector<std::uint32_t> frame{};
  std::vector<std::uint8_t> found{};
};

struct Category {
  std::array<Ranked, threshold_count> ranked{};
  std::vector<std::uint32_t> to_find{}; ///< a frame
};

Category category_of(const CategoryRecord& record) {
  std::vector<std::uint32_t> order(record.detections.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::uint32_t i) { return record.detections[i].score; });
  Category category;
  for (std::size_t t = 0; t < threshold_count; ++t)
    for (const std::uint32_t i : order) {
      const ScoredDetection& row = record.detections[i];
      if (((row.ignored[all] >> t) & 1U) != 0)
        continue;
      category.ranked[t].frame.push_back(row.frame);
      category.ranked[t].found.push_back((row.found[all] >> t) & 1U);
    }
  for (const auto& frame : record.truths)
    category.to_find.push_back(frame[all]);
  return category;
}

/// AP and AR of one category and threshold. A detection of a frame that was drawn n times counts n times.
/// Within such a run precision only rises or only falls, so its end is enough.
class Resampler {
public:
  std::pair<double, double> operator()(const Ranked& ranked, const Weights& weights, double to_find) {
    recall_.clear();
    precision_.clear();
    double found = 0, wrong = 0;
    for (std::size_t i = 0; i < ranked.frame.size(); ++i) {
      const double weight = weights[ranked.frame[i]];
      if (weight == 0)
        continue;
      if (ranked.found[i] == 0) {
        wrong += weight;
        continue;
      }
      found += weight;
      recall_.push_back(found / to_find);
      precision_.push_back(found / (found + wrong + std::numeric_limits<double>::epsilon()));
    }
    for (std::size_t i = precision_.size(); i-- > 1;)
      precision_[i - 1] = std::max(precision_[i - 1], precision_[i]);
    double sum = 0;
    std::size_t at = 0;
    for (const double point : recall_points()) {
      while (at < recall_.size() && recall_[at] < point)
        ++at;
      if (at == recall_.size())
        break;
      // the first detection reaches recall 0, even a wrong one: the envelope gives the same precision
      sum += precision_[at];
    }
    return {sum / recall_count, found / to_find};
  }

private:
  std::vector<double> recall_{}, precision_{};
};

/// Collects one value of every resample and makes the interval.
class Sample {
public:
  void add(double value) { values_.push_back(value); }
  [[nodiscard]] Interval interval() {
    if (values_.empty())
      return {};
    std::ranges::sort(values_);
    const auto last = static_cast<double>(values_.size() - 1);
    return {values_[static_cast<std::size_t>(.025 * last + .5)],
            values_[static_cast<std::size_t>(.975 * last + .5)]};
  }

private:
  std::vector<double> values_{};
};

struct Samples {
  Sample ap, ap50, ap75, ap95, ar, ar50, ar75, ar95, median;
  std::array<Sample, marks.size()> at_least{};
};

double mean_of(const PerThreshold& values) {
  return std::accumulate(values.begin(), values.end(), 0.) / threshold_count;
}

void add_scores(Samples& samples, const std::vector<Category>& categories, const Weights& weights,
                Resampler& resampler) {
  PerThreshold ap{}, ar{};
  double with_people = 0;
  for (const Category& category : categories) {
    double to_find = 0;
    for (std::size_t frame = 0; frame < weights.size(); ++frame)
      to_find += static_cast<double>(weights[frame]) * category.to_find[frame];
    if (to_find == 0)
      continue;
    ++with_people;
    for (std::size_t t = 0; t < threshold_count; ++t) {
      const auto [precision, recall] = resampler(category.ranked[t], weights, to_find);
      ap[t] += precision;
      ar[t] += recall;
    }
  }
  if (with_people == 0)
    return;
  for (std::size_t t = 0; t < threshold_count; ++t) {
    ap[t] /= with_people;
    ar[t] /= with_people;
  }
  samples.ap.add(mean_of(ap));
  samples.ap50.add(ap[0]);
  samples.ap75.add(ap[5]);
  samples.ap95.add(ap[9]);
  samples.ar.add(mean_of(ar));
  samples.ar50.add(ar[0]);
  samples.ar75.add(ar[5]);
  samples.ar95.add(ar[9]);
}

/// sorted: the pairs by OKS, ascending.
void add_similarities(Samples& samples, const std::vector<FrameOks>& sorted,
                      std::span<const std::uint32_t> people, const Weights& weights) {
  std::uint64_t pairs = 0, everybody = 0;
  for (std::size_t frame = 0; frame < weights.size(); ++frame)
    everybody += std::uint64_t{weights[frame]} * people[frame];
  std::array<std::uint64_t, marks.size()> at_least{};
  for (const FrameOks& pair : sorted) {
    pairs += weights[pair.frame];
    for (std::size_t i = 0; i < marks.size(); ++i)
      at_least[i] += pair.oks >= marks[i] ? weights[pair.frame] : 0;
  }
  for (std::size_t i = 0; i < marks.size() && everybody > 0; ++i)
    samples.at_least[i].add(static_cast<double>(at_least[i]) / static_cast<double>(everybody));
  std::uint64_t before = 0;
  for (const FrameOks& pair : sorted) {
    before += weights[pair.frame];
    if (2 * before >= pairs && pairs > 0) {
      samples.median.add(pair.oks);
      return;
    }
  }
}

} // namespace

Intervals bootstrap(const Evaluation& evaluation, const Preservation& preservation,
                    const BootstrapRule& rule) {
  const std::size_t frames = evaluation.counts().frames;
  if (rule.block < 1 || rule.resamples < 1)
    throw std::invalid_argument("a bootstrap needs a block of at least 1 frame and at least 1 resample");
  if (frames != preservation.frames())
    throw std::invalid_argument("the bootstrap was given results of different frames");
  if (frames == 0)
    return {};
  std::vector<Category> categories;
  for (const CategoryRecord& record : evaluation.records())
    categories.push_back(category_of(record));
  std::vector<FrameOks> sorted(preservation.pairs().begin(), preservation.pairs().end());
  std::ranges::stable_sort(sorted, {}, &FrameOks::oks);
  std::mt19937_64 random(rule.seed);
  Weights weights(frames);
  Resampler resampler;
  Samples samples;
  for (std::size_t i = 0; i < rule.resamples; ++i) {
    draw(weights, rule.block, random);
    add_scores(samples, categories, weights, resampler);
    add_similarities(samples, sorted, preservation.people(), weights);
  }
  Intervals result{.ap = samples.ap.interval(),
                   .ap50 = samples.ap50.interval(),
                   .ap75 = samples.ap75.interval(),
                   .ap95 = samples.ap95.interval(),
                   .ar = samples.ar.interval(),
                   .ar50 = samples.ar50.interval(),
                   .ar75 = samples.ar75.interval(),
                   .ar95 = samples.ar95.interval(),
                   .median = samples.median.interval()};
  for (std::size_t i = 0; i < marks.size(); ++i)
    result.at_least[i] = samples.at_least[i].interval();
  return result;
}

} // namespace deid::coco
