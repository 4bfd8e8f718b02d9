#include "elements/faceswap/drawing/steady.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

// Steps in one frame, in distances of the eyes. Up to `still` a step is followed by `slowest`, from `moves`
// on fully.
constexpr float head_still = 0.004F, head_moves = 0.02F;    ///< of the mesh as a whole
constexpr float point_still = 0.006F, point_moves = 0.022F; ///< of one point on it
constexpr float slowest = 0.4F; ///< share of a small step that is followed; with more, skin trembles
constexpr float jump = 0.5F;    ///< a larger step of the head starts again

/// Returns the share of a step that is followed.
float share(float step, float still, float moves) {
  return slowest + (1 - slowest) * std::clamp((step - still) / (moves - still), 0.F, 1.F);
}

float length(const cv::Point3f& p) {
  return std::hypot(p.x, p.y);
}

cv::Point3f mean_step(const std::vector<cv::Point3f>& from, const std::vector<cv::Point3f>& to) {
  cv::Point3f sum;
  for (std::size_t i = 0; i < from.size(); ++i)
    sum += to[i] - from[i];
  return sum * (1.F / static_cast<float>(from.size()));
}

} // namespace

std::vector<cv::Point3f> Steady::follow(const std::vector<cv::Point3f>& landmarks) {
  const bool starts = last_.size() != landmarks.size() || landmarks.size() != mesh_points;
  const auto unit = starts ? 1.F : static_cast<float>(eye_distance(landmarks));
  const cv::Point3f head = starts ? cv::Point3f() : mean_step(last_, landmarks);
  if (starts || !(length(head) < jump * unit)) {
    last_ = landmarks;
    return landmarks;
  }
  const cv::Point3f moved = head * share(length(head) / unit, head_still, head_moves);
  for (std::size_t i = 0; i < landmarks.size(); ++i) {
    const cv::Point3f own = landmarks[i] - last_[i] - head;
    last_[i] += moved + own * share(length(own) / unit, point_still, point_moves);
  }
  return last_;
}

} // namespace deid::faceswap
