#pragma once
#include <algorithm>
#include <opencv2/core.hpp>
#include <vector>

namespace deid::models {

/// Intersection over union of two boxes [0..1]; 0 when either box is empty.
[[nodiscard]] float overlap(const cv::Rect2f& a, const cv::Rect2f& b);

/// The templates below take detections with `box` (cv::Rect2f), `score` (float) and `keypoints` (equally many
/// cv::Point2f each).
template <class Detection> void best_first(std::vector<Detection>& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
}

/// Mean of detections weighted by score. The score is the first one's, the best. [first, last) must not be
/// empty.
template <class Iterator> auto mean_detection(Iterator first, Iterator last) {
  auto mean = *first;
  mean.box = {};
  for (cv::Point2f& point : mean.keypoints)
    point = {};
  float total = 0.F;
  for (auto one = first; one != last; ++one)
    total += one->score;
  for (auto one = first; one != last; ++one) {
    const float share = one->score / total;
    mean.box.x += one->box.x * share;
    mean.box.y += one->box.y * share;
    mean.box.width += one->box.width * share;
    mean.box.height += one->box.height * share;
    for (std::size_t k = 0; k < mean.keypoints.size(); ++k)
      mean.keypoints[k] += one->keypoints[k] * share;
  }
  return mean;
}

/// MediaPipe's weighted non-maximum suppression. Boxes and keypoints of one object are averaged, weighted by
/// their scores. Returns one detection per object, best first. iou [0..1]: boxes that overlap more than this
/// are one object.
template <class Detection>
[[nodiscard]] std::vector<Detection> suppress_weighted(std::vector<Detection> found, float iou) {
  best_first(found);
  std::vector<Detection> objects;
  auto first = found.begin();
  while (first != found.end()) {
    // The best one overlaps itself only when its box is valid, so it is included without a test.
    const auto rest =
        std::stable_partition(std::next(first), found.end(), [&, best = first->box](const Detection& other) {
          return overlap(best, other.box) > iou;
        });
    objects.push_back(mean_detection(first, rest));
    first = rest;
  }
  return objects;
}

/// Plain non-maximum suppression: returns the best box of each object unchanged, best first.
template <class Detection>
[[nodiscard]] std::vector<Detection> suppress(std::vector<Detection> found, float iou) {
  best_first(found);
  std::vector<Detection> objects;
  for (const Detection& candidate : found)
    if (std::none_of(objects.begin(), objects.end(),
                     [&](const Detection& kept) { return overlap(kept.box, candidate.box) > iou; }))
      objects.push_back(candidate);
  return objects;
}

} // namespace deid::models
