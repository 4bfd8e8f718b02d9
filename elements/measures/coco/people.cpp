#include "elements/measures/coco/people.hpp"
#include "elements/measures/coco/evaluation.hpp"
#include "models/statistics/median.hpp"
#include <algorithm>

namespace deid::coco {

namespace {

/// COCO's 17 points. An absent point has v 0 and both coordinates `absent`.
Points points_of(const Person& person, float min_score, double absent) {
  const std::vector<Keypoint> from = convert_points(person, KeypointSet::coco17);
  Points points;
  for (std::size_t i = 0; i < point_count; ++i) {
    const bool present = from[i].present && from[i].score > min_score;
    points.x[i] = present ? static_cast<double>(from[i].x) : absent;
    points.y[i] = present ? static_cast<double>(from[i].y) : absent;
    points.v[i] = present ? 2 : 0;
  }
  return points;
}

} // namespace

std::vector<Truth> truths_of(const PoseFrame& frame, std::int64_t image_id, const PeopleRule& rule,
                             LeftOut& left_out) {
  std::vector<Truth> truths;
  for (const Person& person : frame.people) {
    Truth truth{.id = person.id, .image_id = image_id, .points = points_of(person, rule.min_score, 0)};
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

std::vector<Detection> detections_of(const PoseFrame& frame, std::int64_t image_id, const PeopleRule& rule,
                                     LeftOut& left_out) {
  std::vector<Detection> detections;
  for (const Person& person : frame.people) {
    Detection detection{.id = person.id,
                        .image_id = image_id,
                        .points = points_of(person, rule.min_score, far_away),
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

std::vector<Pair> pair_up(std::span<const Truth> truths, std::span<const Detection> detections) {
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
    const float middle = statistics::upper_median(areas);
    if (middle > largest) {
      largest = middle;
      best = id;
    }
  }
  return best;
}

void keep_only(std::int64_t id, std::vector<Truth>& truths, std::vector<Detection>& detections) {
  const auto wanted = std::ranges::find(truths, id, &Truth::id);
  if (wanted == truths.end()) {
    // the patient is not in this frame: detections of other people must not count against the patient
    truths.clear();
    detections.clear();
    return;
  }
  const auto index = static_cast<std::size_t>(wanted - truths.begin());
  std::vector<Detection> kept;
  for (const Pair& pair : pair_up(truths, detections))
    if (pair.truth == index)
      kept.push_back(detections[pair.detection]);
  truths = {*wanted};
  detections = std::move(kept);
}

} // namespace deid::coco
