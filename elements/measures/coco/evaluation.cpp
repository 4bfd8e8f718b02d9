#include "elements/measures/coco/evaluation.hpp"
#include <algorithm>
#include <limits>
#include <numeric>

namespace deid::coco {

namespace {

constexpr std::array<std::array<double, 2>, range_count> ranges{
    {{0, 1e10}, {1024, 9216}, {9216, 1e10}}}; // [px^2], both ends belong to it
constexpr int nobody = -1;

bool outside_range(double area, std::size_t range) {
  return area < ranges[range][0] || area > ranges[range][1];
}

/// One image and category: people in the order given, detections by score.
struct Scene {
  std::vector<const Truth*> truths{};
  std::vector<const Detection*> detections{};
  std::vector<double> oks{}; ///< [detection][truth]

  [[nodiscard]] double at(std::size_t detection, std::size_t truth) const {
    return oks[detection * truths.size() + truth];
  }
};

Scene scene_of(std::int64_t category, std::span<const Truth> truths, std::span<const Detection> detections) {
  Scene scene;
  for (const Truth& truth : truths)
    if (truth.category_id == category)
      scene.truths.push_back(&truth);
  for (const Detection& detection : detections)
    if (detection.category_id == category)
      scene.detections.push_back(&detection);
  std::ranges::stable_sort(scene.detections, std::greater{}, &Detection::score);
  if (scene.detections.size() > most_detections)
    scene.detections.resize(most_detections);
  scene.oks.reserve(scene.detections.size() * scene.truths.size());
  for (const Detection* detection : scene.detections)
    for (const Truth* truth : scene.truths)
      scene.oks.push_back(oks(*truth, detection->points));
  return scene;
}

/// The people of a scene for one area range: which are ignored, and the order of matching.
struct Order {
  std::vector<std::size_t> truths{}; ///< indices into Scene::truths, ignored ones last
  std::vector<bool> ignored{};       ///< in that order
  std::uint32_t to_find = 0;
};

Order order_of(const Scene& scene, std::size_t range) {
  const auto ignored = [&](std::size_t i) {
    const Truth& truth = *scene.truths[i];
    return truth.crowd || truth.empty || outside_range(truth.area, range);
  };
  Order order;
  for (const bool which : {false, true})
    for (std::size_t i = 0; i < scene.truths.size(); ++i)
      if (ignored(i) == which) {
        order.truths.push_back(i);
        order.ignored.push_back(which);
        order.to_find += which ? 0 : 1;
      }
  return order;
}

/// Returns the index into Order::truths of the person that detection `d` matches, or `nobody`.
int best_for(std::size_t d, const Scene& scene, const Order& order, double threshold,
             const std::vector<bool>& taken) {
  double best = std::min(threshold, 1 - 1e-10);
  int match = nobody;
  for (std::size_t g = 0; g < order.truths.size(); ++g) {
    const Truth& truth = *scene.truths[order.truths[g]];
    if (taken[g] && !truth.crowd)
      continue;
    if (match != nobody && !order.ignored[static_cast<std::size_t>(match)] && order.ignored[g])
      break; // a truth that counts is preferred to an ignored truth
    const double oks = scene.at(d, order.truths[g]);
    if (oks < best)
      continue;
    best = oks;
    match = static_cast<int>(g);
  }
  return match;
}

/// Matches detections greedily by score. Sets bit `t` of the rows, and appends to `kept` when it is not null.
/// taken: buffer that is reused to save allocations.
void match(const Scene& scene, const Order& order, std::size_t range, std::size_t t,
           std::span<ScoredDetection> rows, std::vector<bool>& taken, ImageMatches* kept) {
  taken.assign(order.truths.size(), false);
  const auto bit = static_cast<std::uint16_t>(1U << t);
  for (std::size_t d = 0; d < rows.size(); ++d) {
    const int found = best_for(d, scene, order, thresholds()[t], taken);
    std::int64_t id = 0;
    bool ignored = false;
    if (found != nobody) {
      const auto g = static_cast<std::size_t>(found);
      taken[g] = true;
      ignored = order.ignored[g];
      id = scene.truths[order.truths[g]]->id;
    }
    if (id == 0) // a truth with id 0 counts as no match, as in pycocotools
      ignored = ignored || outside_range(scene.detections[d]->area, range);
    rows[d].found[range] |= id != 0 ? bit : 0;
    rows[d].ignored[range] |= ignored ? bit : 0;
    if (kept != nullptr) {
      kept->matched_truth.push_back(id);
      kept->detection_ignored.push_back(ignored);
    }
  }
}

ImageMatches matches_of(std::int64_t image_id, std::int64_t category, const Scene& scene,
                        const Order& order) {
  ImageMatches kept{.image_id = image_id, .category_id = category, .truth_ignored = order.ignored};
  for (const Detection* detection : scene.detections)
    kept.detections.push_back(detection->id);
  for (const std::size_t i : order.truths)
    kept.truths.push_back(scene.truths[i]->id);
  return kept;
}

ImageOks oks_of(std::int64_t image_id, std::int64_t category, const Scene& scene) {
  ImageOks kept{.image_id = image_id, .category_id = category, .values = scene.oks};
  for (const Detection* detection : scene.detections)
    kept.detections.push_back(detection->id);
  for (const Truth* truth : scene.truths)
    kept.truths.push_back(truth->id);
  return kept;
}

/// Matches the scene for people of each area range. Sets the bits of the rows and the number of people to
/// find; sets `kept` for people of all areas when it is not null.
void match_ranges(std::int64_t image_id, std::int64_t category, const Scene& scene,
                  std::span<ScoredDetection> rows, std::array<std::uint32_t, range_count>& to_find,
                  ImageMatches* kept) {
  std::vector<bool> taken;
  for (std::size_t range = 0; range < range_count; ++range) {
    const Order order = order_of(scene, range);
    to_find[range] = order.to_find;
    ImageMatches* const keep = range == all ? kept : nullptr;
    if (keep != nullptr)
      *keep = matches_of(image_id, category, scene, order);
    for (std::size_t t = 0; t < threshold_count; ++t)
      match(scene, order, range, t, rows, taken, keep);
  }
}

void count(Counts& counts, const Scene& scene, std::span<const ScoredDetection> rows, std::size_t to_find) {
  counts.truths += to_find;
  counts.ignored_truths += scene.truths.size() - to_find;
  counts.detections += rows.size();
  for (const ScoredDetection& row : rows)
    for (std::size_t t = 0; t < threshold_count; ++t) {
      const bool found = ((row.found[all] >> t) & 1U) != 0, ignored = ((row.ignored[all] >> t) & 1U) != 0;
      counts.found[t] += found && !ignored ? 1 : 0;
      counts.wrong[t] += !found && !ignored ? 1 : 0;
    }
}

} // namespace

const std::array<double, threshold_count>& thresholds() {
  static const std::array<double, threshold_count> all = [] {
    const double step = (.95 - .5) / 9;
    std::array<double, threshold_count> t{};
    for (std::size_t i = 0; i < t.size(); ++i)
      t[i] = .5 + static_cast<double>(i) * step;
    t.back() = .95; // as linspace does
    return t;
  }();
  return all;
}

const std::array<double, recall_count>& recall_points() {
  static const std::array<double, recall_count> all = [] {
    std::array<double, recall_count> r{};
    for (std::size_t i = 0; i < r.size(); ++i)
      r[i] = static_cast<double>(i) * .01;
    r.back() = 1;
    return r;
  }();
  return all;
}

Evaluation::Evaluation(std::vector<std::int64_t> categories, bool keep_pairs)
    : categories_(std::move(categories)), keep_pairs_(keep_pairs), records_(categories_.size()),
      matches_(categories_.size()) {}

void Evaluation::add(std::int64_t image_id, std::span<const Truth> truths,
                     std::span<const Detection> detections) {
  const auto frame = static_cast<std::uint32_t>(counts_.frames++);
  bool anybody = false;
  for (std::size_t c = 0; c < categories_.size(); ++c)
    anybody = add_category(c, frame, image_id, truths, detections) || anybody;
  counts_.frames_with_nobody += anybody ? 0 : 1;
}

bool Evaluation::add_category(std::size_t c, std::uint32_t frame, std::int64_t image_id,
                              std::span<const Truth> truths, std::span<const Detection> detections) {
  CategoryRecord& record = records_[c];
  record.truths.emplace_back();
  const Scene scene = scene_of(categories_[c], truths, detections);
  if (scene.truths.empty() && scene.detections.empty())
    return false;
  record.seen = true;
  const std::size_t first = record.detections.size();
  for (const Detection* detection : scene.detections)
    record.detections.push_back({.score = detection->score, .frame = frame});
  const auto rows = std::span(record.detections).subspan(first);
  ImageMatches* const kept = keep_pairs_ ? &matches_[c].emplace_back() : nullptr;
  match_ranges(image_id, categories_[c], scene, rows, record.truths.back(), kept);
  count(counts_, scene, rows, record.truths.back()[all]);
  if (keep_pairs_ && !scene.oks.empty())
    images_.push_back(oks_of(image_id, categories_[c], scene));
  return true;
}

} // namespace deid::coco
