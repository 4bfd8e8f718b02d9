#include "elements/faceswap/drawing/stages/steady.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap::stage {

namespace {

/// Returns the share of a step that is followed.
float share(float step, float still, float moves) {
  return tuning::steady::slowest +
         (1 - tuning::steady::slowest) * std::clamp((step - still) / (moves - still), 0.F, 1.F);
}

float length(const cv::Point3f& p) {
  return std::hypot(p.x, p.y);
}

cv::Point3f mean_step(const Points& from, const Points& to) {
  cv::Point3f sum;
  for (std::size_t i = 0; i < from.size(); ++i)
    sum += to[i] - from[i];
  return sum * (1.F / static_cast<float>(from.size()));
}

} // namespace

Points steady(const Points& landmarks, SteadyMemory& memory) {
  Points& last = memory.last;
  const bool starts = last.size() != landmarks.size() || landmarks.size() != mesh_points;
  const auto unit = starts ? 1.F : static_cast<float>(eye_distance(landmarks));
  const cv::Point3f head = starts ? cv::Point3f() : mean_step(last, landmarks);
  if (starts || !(length(head) < tuning::steady::jump * unit)) {
    last = landmarks;
    return landmarks;
  }
  const cv::Point3f moved =
      head * share(length(head) / unit, tuning::steady::head_still, tuning::steady::head_moves);
  for (std::size_t i = 0; i < landmarks.size(); ++i) {
    const cv::Point3f own = landmarks[i] - last[i] - head;
    last[i] +=
        moved + own * share(length(own) / unit, tuning::steady::point_still, tuning::steady::point_moves);
  }
  return last;
}

} // namespace deid::faceswap::stage
