#include "elements/cover/outline.hpp"
#include "elements/cover/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

namespace deid::cover {

namespace {

constexpr std::size_t mesh_points = 468;
constexpr std::size_t mesh_top = 10;
constexpr std::size_t mesh_chin = 152;

bool sane(double value) {
  return std::isfinite(value) && std::abs(value) <= tuning::farthest;
}

/// A face's own axes. `up` points from chin to forehead, `right` to a viewer's right of the upright face.
struct Axes {
  cv::Point2d right{1, 0};
  cv::Point2d up{0, -1};
  [[nodiscard]] cv::Point2d to_face(cv::Point2d p) const { return {p.dot(right), p.dot(up)}; }
  [[nodiscard]] cv::Point2d to_frame(cv::Point2d p) const { return right * p.x + up * p.y; }
};

Axes axes(const FaceRegion& face) {
  const cv::Point3f& top = face.landmarks.at(mesh_top);
  const cv::Point3f& chin = face.landmarks.at(mesh_chin);
  const cv::Point2d up(static_cast<double>(top.x) - chin.x, static_cast<double>(top.y) - chin.y);
  const double length = std::hypot(up.x, up.y);
  if (length < 1e-3)
    return {};
  const cv::Point2d unit = up / length;
  return {{-unit.y, unit.x}, unit};
}

struct Extent {
  cv::Point2d low, high;
  [[nodiscard]] cv::Point2d centre() const { return (low + high) / 2; }
  [[nodiscard]] cv::Point2d size() const { return high - low; }
};

Extent extent(const std::vector<cv::Point2d>& points) {
  Extent e{points.front(), points.front()};
  for (const cv::Point2d& p : points) {
    e.low = {std::min(e.low.x, p.x), std::min(e.low.y, p.y)};
    e.high = {std::max(e.high.x, p.x), std::max(e.high.y, p.y)};
  }
  return e;
}

cv::Rect2d landmark_box(const FaceRegion& face) {
  std::vector<cv::Point2d> points;
  for (const cv::Point3f& p : face.landmarks)
    points.emplace_back(p.x, p.y);
  const Extent e = extent(points);
  return {e.low, e.high};
}

/// The mesh in the face's own axes. When landmarks do not lie where the box is, the box's corners are added.
std::vector<cv::Point2d> mesh_outline(const FaceRegion& face, const Axes& own) {
  std::vector<cv::Point2d> points;
  for (const cv::Point3f& p : face.landmarks)
    points.push_back(own.to_face({p.x, p.y}));
  const cv::Rect2d box(face.box);
  const cv::Rect2d mesh = landmark_box(face);
  const double common = (box & mesh).area();
  if (common < tuning::landmarks_belong * (box.area() + mesh.area() - common))
    for (const cv::Point2d corner : {cv::Point2d(box.x, box.y), cv::Point2d(box.x + box.width, box.y),
                                     cv::Point2d(box.x, box.y + box.height), box.br()})
      points.push_back(own.to_face(corner));
  return points;
}

/// The mesh grown by the margin, and its upper half moved up to the hairline, in the face's own axes.
std::vector<cv::Point2d> grown_outline(const FaceRegion& face, const Axes& own, double margin) {
  const std::vector<cv::Point2d> mesh = mesh_outline(face, own);
  const Extent e = extent(mesh);
  std::vector<cv::Point2d> points;
  for (const cv::Point2d& p : mesh) {
    const cv::Point2d from_centre = (p - e.centre()) * (1 + 2 * margin);
    points.push_back(e.centre() + from_centre);
    if (from_centre.y > 0)
      points.push_back(e.centre() + from_centre + cv::Point2d(0, tuning::forehead * e.size().y));
  }
  return points;
}

/// Smallest ellipse of these proportions that contains all points.
Ellipse around(const std::vector<cv::Point2d>& points, cv::Point2d centre, cv::Point2d half,
               const Axes& own) {
  double reach = 0;
  for (const cv::Point2d& p : points)
    reach = std::max(reach, std::hypot((p.x - centre.x) / half.x, (p.y - centre.y) / half.y));
  const double scale = std::max(1.0, reach);
  return {own.to_frame(centre), own.right, half.x * scale, half.y * scale};
}

} // namespace

void require_sane(const FaceRegion& face, float margin) {
  if (!(margin >= 0 && margin <= 2))
    throw std::invalid_argument("margin " + std::to_string(margin) + " is not within 0..2");
  const cv::Rect2f& box = face.box;
  if (!sane(box.x) || !sane(box.y) || !sane(box.width) || !sane(box.height) || box.width <= 0 ||
      box.height <= 0)
    throw std::invalid_argument("face box is absurd: " + std::to_string(box.x) + "," + std::to_string(box.y) +
                                " " + std::to_string(box.width) + "x" + std::to_string(box.height));
  if (!face.landmarks.empty() && face.landmarks.size() != mesh_points)
    throw std::invalid_argument("face has " + std::to_string(face.landmarks.size()) + " landmarks, not 468");
  for (const cv::Point3f& p : face.landmarks)
    if (!sane(p.x) || !sane(p.y))
      throw std::invalid_argument("face landmark is absurd: " + std::to_string(p.x) + "," +
                                  std::to_string(p.y));
}

cv::Rect2d box_outline(const FaceRegion& face, double margin) {
  cv::Rect2d box(face.box);
  if (!face.landmarks.empty())
    box |= landmark_box(face);
  return {box.x - margin * box.width, box.y - margin * box.height, box.width * (1 + 2 * margin),
          box.height * (1 + 2 * margin)};
}

std::vector<cv::Point2d> contour_outline(const FaceRegion& face, double margin) {
  const Axes own = axes(face);
  std::vector<cv::Point2f> points;
  for (const cv::Point2d& p : grown_outline(face, own, margin))
    points.emplace_back(own.to_frame(p));
  std::vector<cv::Point2f> hull;
  cv::convexHull(points, hull);
  return {hull.begin(), hull.end()};
}

Ellipse ellipse_outline(const FaceRegion& face, double margin) {
  if (face.landmarks.empty()) {
    const cv::Rect2d box = box_outline(face, margin);
    return {
        (box.tl() + box.br()) / 2, {1, 0}, box.width / std::numbers::sqrt2, box.height / std::numbers::sqrt2};
  }
  const Axes own = axes(face);
  const std::vector<cv::Point2d> points = grown_outline(face, own, margin);
  const Extent e = extent(points);
  return around(points, e.centre(), {std::max(1.0, e.size().x / 2), std::max(1.0, e.size().y / 2)}, own);
}

Ellipse head_outline(const FaceRegion& face, double margin) {
  if (face.landmarks.empty()) {
    const double side = std::max(face.box.width, face.box.height);
    const double radius = side * (tuning::head_unknown + margin);
    const cv::Rect2d box(face.box);
    return {(box.tl() + box.br()) / 2, {1, 0}, radius, radius};
  }
  const Axes own = axes(face);
  const Extent e = extent(mesh_outline(face, own));
  const double width = e.size().x;
  const double height = e.size().y;
  // the more a head is turned, the more of it lies behind the face
  const double yaw = std::isfinite(face.pose.yaw) ? face.pose.yaw : 90.0;
  const double behind = tuning::head_behind * height * std::abs(std::sin(yaw * std::numbers::pi / 180));
  const double top = e.high.y + height * (tuning::head_above + margin);
  const double bottom = e.low.y - height * (tuning::head_below + margin);
  const cv::Point2d half(std::max(1.0, width * (tuning::head_beside + margin) + behind),
                         std::max(1.0, (top - bottom) / 2));
  return around(grown_outline(face, own, margin), {e.centre().x, (top + bottom) / 2}, half, own);
}

} // namespace deid::cover
