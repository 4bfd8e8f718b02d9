#include "elements/faceswap/choice/eligibility.hpp"
#include "models/facemesh/facemesh.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

/// px of the mesh's longer side; the shorter side needs half of it. A smaller mesh has no features to draw.
constexpr float least_size = 20;
/// Share of the smaller box that two faces may have in common: with two meshes, and with one mesh and a
/// region without landmarks. A region is larger than its face, so the second limit is higher.
constexpr double most_overlap = 0.15, most_overlap_unknown = 0.25;
/// Shares of mesh and box that must lie in the frame. The network draws the mesh of a cut face into the
/// frame, so the mesh tells of the cut later than the box.
constexpr double least_inside = 0.6, least_box_inside = 0.75;
/// A region without landmarks counts as a neighbour when its side is between these multiples of the face's.
constexpr double least_ratio = 0.5, most_ratio = 2;

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
    if (known && has_mesh(other) && other.score >= score_to_go_on)
      return overlap(own, mesh_box(other)) > most_overlap;
    const double ratio = std::sqrt(other.box.area() / std::max(1e-3F, face.box.area()));
    return ratio > least_ratio && ratio < most_ratio &&
           overlap(own, cv::Rect2d(other.box)) > most_overlap_unknown;
  });
}

bool too_small(const cv::Rect2d& mesh) {
  return std::min(mesh.width, mesh.height) < static_cast<double>(least_size) / 2 ||
         std::max(mesh.width, mesh.height) < static_cast<double>(least_size);
}

bool cut_off(const cv::Rect2d& mesh, const cv::Rect2d& box, cv::Size frame) {
  const cv::Rect2d all(0, 0, frame.width, frame.height);
  return (mesh & all).area() < least_inside * mesh.area() ||
         (box & all).area() < least_box_inside * box.area();
}

} // namespace

bool has_mesh(const FaceRegion& face) {
  return face.landmarks.size() == models::FaceMesh::point_count && face.origin != Origin::held &&
         face.origin != Origin::backfilled &&
         std::all_of(face.landmarks.begin(), face.landmarks.end(), [](const cv::Point3f& p) {
           return std::abs(p.x) < 1e6F && std::abs(p.y) < 1e6F && std::abs(p.z) < 1e6F; // refuses NaN as well
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
