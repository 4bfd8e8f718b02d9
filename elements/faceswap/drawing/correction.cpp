#include "elements/faceswap/drawing/correction.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

/// Returns the direction of the line through the eyes, of length one.
cv::Point2f eye_line(std::span<const cv::Point3f> points) {
  const cv::Point2f line(points[point::left_eye].x - points[point::right_eye].x,
                         points[point::left_eye].y - points[point::right_eye].y);
  const float length = std::hypot(line.x, line.y);
  return length > 0 ? line / length : cv::Point2f(1, 0);
}

cv::Point2f turned(cv::Point2f p, cv::Point2f by) {
  return {p.x * by.x - p.y * by.y, p.x * by.y + p.y * by.x};
}

cv::Point2f turned_back(cv::Point2f p, cv::Point2f by) {
  return turned(p, {by.x, -by.y});
}

/// Returns the share of the correction that each point gets. Eyes and mouth get none, because their own
/// pixels stay where they are.
std::vector<float> shares(const Points& mesh, float size) {
  std::vector<cv::Point2f> still;
  for (const auto* part : {&part::right_eye(), &part::left_eye(), &part::lips()})
    for (const cv::Point2f& p : pick(mesh, *part))
      still.push_back(p);
  std::vector<float> result;
  for (const cv::Point3f& p : mesh) {
    float nearest = HUGE_VALF;
    for (const cv::Point2f& q : still)
      nearest = std::min(nearest, std::hypot(p.x - q.x, p.y - q.y));
    result.push_back(std::min(1.F, nearest / (tuning::correction::reach * size)));
  }
  return result;
}

cv::Point2f limited(cv::Point2f p) {
  const float length = std::hypot(p.x, p.y);
  return length > tuning::correction::most ? p * (tuning::correction::most / length) : p;
}

} // namespace

bool Correction::learn(std::span<const cv::Point3f> meant, std::span<const cv::Point3f> seen, float gain) {
  if (meant.size() != mesh_points || seen.size() != mesh_points)
    return false;
  const Points mesh(meant.begin(), meant.end());
  const auto size = static_cast<float>(face_size(mesh));
  const cv::Point2f line = eye_line(meant);
  std::vector<cv::Point2f> wrong;
  float sum = 0;
  for (std::size_t i = 0; i < meant.size(); ++i) {
    const cv::Point2f apart(seen[i].x - meant[i].x, seen[i].y - meant[i].y);
    wrong.push_back(turned_back(apart, line) / size);
    sum += std::hypot(wrong.back().x, wrong.back().y);
  }
  if (!(sum <= tuning::correction::most_mean * static_cast<float>(wrong.size()))) // also refuses NaN
    return false;
  shift_.resize(wrong.size());
  const std::vector<float> share = shares(mesh, size);
  for (std::size_t i = 0; i < wrong.size(); ++i)
    shift_[i] = limited(shift_[i] - wrong[i] * (gain * share[i]));
  ++looks_;
  return true;
}

Points Correction::applied(const Points& mesh) const {
  if (shift_.size() != mesh.size())
    return mesh;
  const auto size = static_cast<float>(face_size(mesh));
  const cv::Point2f line = eye_line(mesh);
  Points moved = mesh;
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const cv::Point2f by = turned(shift_[i], line) * size;
    moved[i] += cv::Point3f(by.x, by.y, 0);
  }
  return moved;
}

} // namespace deid::faceswap
