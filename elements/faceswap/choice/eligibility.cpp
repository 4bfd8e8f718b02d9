#include "elements/faceswap/choice/eligibility.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include "models/facemesh/facemesh.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

cv::Rect2d mesh_box(const FaceRegion& face) {
  cv::Point2d low(1e9, 1e9), high(-1e9, -1e9);
  for (const cv::Point3f& p : face.landmarks) {
    low = {std::min<double>(low.x, p.x), std::min<double>(low.y, p.y)};
    high = {std::max<double>(high.x, p.x), std::max<double>(high.y, p.y)};
  }
  return {low, high};
}

/// Returns the share of the smaller box that both boxes have in common.
double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double smaller = std::min(a.area(), b.area());
  return smaller > 0 ? (a & b).area() / smaller : 0;
}

/// Returns whether another face overlaps so far that the network may mix up the two meshes. A region without
/// landmarks that is far larger or smaller has no such mesh, so it does not count.
bool crowded(const FaceRegion& face, std::span<const FaceRegion> others) {
  const bool known = has_mesh(face);
  const cv::Rect2d own = known ? mesh_box(face) : cv::Rect2d(face.box);
  return std::any_of(others.begin(), others.end(), [&](const FaceRegion& other) {
    if (&other == &face)
      return false;
    if (known && has_mesh(other) && other.score >= tuning::eligibility::score_to_go_on)
      return overlap(own, mesh_box(other)) > tuning::eligibility::most_overlap;
    const double ratio = std::sqrt(other.box.area() / std::max(1e-3F, face.box.area()));
    return ratio > tuning::eligibility::least_ratio && ratio < tuning::eligibility::most_ratio &&
           overlap(own, cv::Rect2d(other.box)) > tuning::eligibility::most_overlap_unknown;
  });
}

bool too_small(const cv::Rect2d& mesh) {
  return std::min(mesh.width, mesh.height) <
             static_cast<double>(tuning::eligibility::least_size) * tuning::eligibility::least_aspect ||
         std::max(mesh.width, mesh.height) < static_cast<double>(tuning::eligibility::least_size);
}

bool cut_off(const cv::Rect2d& mesh, const cv::Rect2d& box, cv::Size frame) {
  const cv::Rect2d all(0, 0, frame.width, frame.height);
  const double inside = (mesh & all).area() / std::max(1e-3, mesh.area());
  return inside < tuning::eligibility::least_inside ||
         (inside < tuning::eligibility::surely_inside &&
          (box & all).area() < tuning::eligibility::least_box_inside * box.area());
}

} // namespace

bool has_mesh(const FaceRegion& face) {
  return face.landmarks.size() == models::FaceMesh::point_count && face.origin != Origin::held &&
         face.origin != Origin::backfilled &&
         std::all_of(face.landmarks.begin(), face.landmarks.end(), [](const cv::Point3f& p) {
           return std::abs(p.x) < tuning::eligibility::largest_place &&
                  std::abs(p.y) < tuning::eligibility::largest_place &&
                  std::abs(p.z) < tuning::eligibility::largest_place; // refuses NaN as well
         });
}

Reason judge(const FaceRegion& face, std::span<const FaceRegion> others, cv::Size frame,
             const Limits& limits) {
  if (crowded(face, others))
    return Reason::close;
  if (!has_mesh(face))
    return Reason::no_landmarks;
  const cv::Rect2d mesh = mesh_box(face);
  if (too_small(mesh))
    return Reason::small;
  if (cut_off(mesh, cv::Rect2d(face.box), frame))
    return Reason::cut;
  if (!(std::abs(face.pose.yaw) <= limits.max_angle && std::abs(face.pose.pitch) <= limits.max_angle))
    return Reason::turned; // also for an angle that is NaN
  if (!(face.score >= limits.least_score))
    return Reason::unsure;
  return Reason::none;
}

} // namespace deid::faceswap
