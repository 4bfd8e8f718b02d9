#include "elements/oksmeter/people.hpp"
#include "elements/oksmeter/evaluation.hpp"
#include <algorithm>

namespace deid::oks {

namespace {

/// COCO's 17 points; an absent one stands at `absent`, with v 0.
coco::Points points_of(const Person& person, float min_score, double absent) {
  const std::vector<Keypoint> from = convert_points(person, KeypointSet::coco17);
  coco::Points points;
  for (std::size_t i = 0; i < coco::point_count; ++i) {
    const bool present = from[i].present && from[i].score > min_score;
    points.x[i] = present ? static_cast<double>(from[i].x) : absent;
    points.y[i] = present ? static_cast<double>(from[i].y) : absent;
    points.v[i] = present ? 2 : 0;
  }
  return points;
}

} // namespace

std::vector<coco::Truth> truths_of(const PoseFrame& frame, std::int64_t image_id, const PeopleRule& rule,
                                   LeftOut& left_out) {
  std::vector<coco::Truth> truths;
  for (const Person& person : frame.people) {
    coco::Truth truth{.id = person.id, .image_id = image_id, .points = points_of(person, rule.min_score, 0)};
    const auto box = labelled_box(truth.points);
    if (!box) {
      ++left_out.without_points;
      continue;
    }
    truth.box = *box;
    const auto area = area_of(truth, rule.scale);
    truth.area = area.value_or(0);
    truth.empty = !area;
    left_out.without_scale += area ? 0 : 1;
    truths.push_back(truth);
  }
  return truths;
}

std::vector<coco::Detection> detections_of(const PoseFrame& frame, std::int64_t image_id,
                                           const PeopleRule& rule, LeftOut& left_out) {
  std::vector<coco::Detection> detections;
  for (const Person& person : frame.people) {
    coco::Detection detection{.id = person.id,
                              .image_id = image_id,
                              .points = points_of(person, rule.min_score, coco::far_away),
                              .score = static_cast<double>(person.score)};
    const auto box = labelled_box(detection.points);
    if (!box) {
      ++left_out.without_points;
      continue;
    }
    detection.area = box->width * box->height;
    detections.push_back(detection);
  }
  return detections;
}

std::vector<Pair> pair_up(std::span<const coco::Truth> truths, std::span<const coco::Detection> detections) {
  std::vector<Pair> every;
  for (std::size_t t = 0; t < truths.size(); ++t)
    for (std::size_t d = 0; d < detections.size(); ++d)
      if (truths[t].category_id == detections[d].category_id)
        every.push_back({t, d, oks(truths[t], detections[d].points)});
  std::ranges::stable_sort(every, std::greater{}, &Pair::oks);
  std::vector<bool> truth_taken(truths.size()), detection_taken(detections.size());
  std::vector<Pair> pairs;
  for (const Pair& pair : every)
    if (!truth_taken[pair.truth] && !detection_taken[pair.detection]) {
      truth_taken[pair.truth] = detection_taken[pair.detection] = true;
      pairs.push_back(pair);
    }
  return pairs;
}

void PrimaryPerson::add(const PoseFrame& frame) {
  frames_ += frame.people.empty() ? 0 : 1;
  for (const Person& person : frame.people)
    areas_[person.id].push_back(person.box.area());
}

std::optional<std::uint32_t> PrimaryPerson::id() const {
  std::optional<std::uint32_t> best;
  float largest = -1;
  for (const auto& [id, areas] : areas_) {
    if (areas.size() * 10 < frames_)
      continue;
    std::vector<float> sorted = areas;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    if (*middle > largest) {
      largest = *middle;
      best = id;
    }
  }
  return best;
}

void keep_only(std::int64_t id, std::vector<coco::Truth>& truths, std::vector<coco::Detection>& detections) {
  const auto wanted = std::ranges::find(truths, id, &coco::Truth::id);
  if (wanted == truths.end()) {
    // the patient is not there: nobody else's detection may count against the patient
    truths.clear();
    detections.clear();
    return;
  }
  const auto index = static_cast<std::size_t>(wanted - truths.begin());
  std::vector<coco::Detection> kept;
  for (const Pair& pair : pair_up(truths, detections))
    if (pair.truth == index)
      kept.push_back(detections[pair.detection]);
  truths = {*wanted};
  detections = std::move(kept);
}

} // namespace deid::oks
