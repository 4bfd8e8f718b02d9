#include "models/blazeface/suppression.hpp"
#include <algorithm>

namespace deid::models {
namespace {

void best_first(std::vector<FaceDetection>& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const FaceDetection& a, const FaceDetection& b) { return a.score > b.score; });
}

/// Mean of detections weighted by score; the score stays the best one's (the first).
FaceDetection merge(std::vector<FaceDetection>::const_iterator first,
                    std::vector<FaceDetection>::const_iterator last) {
  FaceDetection mean;
  mean.score = first->score;
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

} // namespace

float overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const float height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0)
    return 0.F;
  const float common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

std::vector<FaceDetection> suppress_weighted(std::vector<FaceDetection> found, float iou) {
  best_first(found);
  std::vector<FaceDetection> faces;
  auto first = found.begin();
  while (first != found.end()) {
    // The best one overlaps itself only when its box is real, so take it along without asking.
    const auto rest = std::stable_partition(
        std::next(first), found.end(),
        [&, best = first->box](const FaceDetection& other) { return overlap(best, other.box) > iou; });
    faces.push_back(merge(first, rest));
    first = rest;
  }
  return faces;
}

std::vector<FaceDetection> suppress(std::vector<FaceDetection> found, float iou) {
  best_first(found);
  std::vector<FaceDetection> faces;
  for (const FaceDetection& candidate : found)
    if (std::none_of(faces.begin(), faces.end(),
                     [&](const FaceDetection& kept) { return overlap(kept.box, candidate.box) > iou; }))
      faces.push_back(candidate);
  return faces;
}

} // namespace deid::models
