#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace deid::facedetect {

namespace {
// Outer eye corners of the 468-point mesh (person's right, person's left).
constexpr std::size_t right_eye_corner = 33;
constexpr std::size_t left_eye_corner = 263;
constexpr std::size_t upper_lip = 13, lower_lip = 14; // their inner midpoints
} // namespace

float iou(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float common = (a & b).area();
  const float all = a.area() + b.area() - common;
  return all > 0.F ? common / all : 0.F;
}

float overlap_of_smaller(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float smaller = std::min(a.area(), b.area());
  return smaller > 0.F ? (a & b).area() / smaller : 0.F;
}

cv::Point2f center(const cv::Rect2f& box) {
  return {box.x + box.width / 2, box.y + box.height / 2};
}

float face_size(const cv::Rect2f& box) {
  return std::sqrt(std::max(0.F, box.width * box.height));
}

float distance_in_sizes(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f d = center(a) - center(b);
  return std::hypot(d.x, d.y) / std::max(1.F, face_size(b));
}

cv::Rect2f scaled(const cv::Rect2f& box, float factor) {
  const float w = box.width * factor;
  const float h = box.height * factor;
  return {box.x + (box.width - w) / 2, box.y + (box.height - h) / 2, w, h};
}

cv::Rect2f shifted(const cv::Rect2f& box, cv::Point2f by) {
  return {box.x + by.x, box.y + by.y, box.width, box.height};
}

cv::Rect2f interpolate(const cv::Rect2f& a, const cv::Rect2f& b, float t) {
  const auto mix = [t](float x, float y) { return x + (y - x) * t; };
  return {mix(a.x, b.x), mix(a.y, b.y), mix(a.width, b.width), mix(a.height, b.height)};
}

bool is_finite(const cv::Rect2f& box) {
  return std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
         std::isfinite(box.height);
}

bool same_face(const cv::Rect2f& a, const cv::Rect2f& b) {
  constexpr float no_size = 1e-3F; // px; an empty box is like no other
  if (iou(a, b) > tuning::same_face_iou)
    return true;
  const float ratio = face_size(a) / std::max(no_size, face_size(b));
  const bool alike = ratio > tuning::same_face_smallest && ratio < tuning::same_face_largest;
  return alike && (scaled(a, tuning::same_face_core).contains(center(b)) ||
                   scaled(b, tuning::same_face_core).contains(center(a)));
}

bool is_coarse(const cv::Rect2f& seen, const cv::Rect2f& inside) {
  const float ratio = face_size(seen) / std::max(1.F, face_size(inside));
  return ratio > 1 && ratio < tuning::coarse_ratio && overlap_of_smaller(inside, seen) > tuning::coarse_holds;
}

cv::Rect2f face_box(const models::FaceMeshResult& mesh) {
  float left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (const cv::Point3f& p : mesh.landmarks) {
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  return scaled({left, top, right - left, bottom - top}, tuning::mesh_box_growth);
}

models::RotatedRoi mesh_roi(const cv::Rect2f& box, float roll) {
  const float side = std::max(box.width, box.height) * tuning::mesh_roi_growth;
  return {center(box), {side, side}, roll};
}

float roll_of(const models::FaceMeshResult& mesh) {
  const cv::Point3f right = mesh.landmarks[right_eye_corner];
  const cv::Point3f left = mesh.landmarks[left_eye_corner];
  return std::atan2(left.y - right.y, left.x - right.x);
}

bool fits(const models::FaceMeshResult& mesh, const Sighting& sighting) {
  if (!sighting.features)
    return true;
  const auto middle = [&](std::size_t a, std::size_t b) {
    const cv::Point3f m = (mesh.landmarks[a] + mesh.landmarks[b]) / 2;
    return cv::Point2f(m.x, m.y);
  };
  const cv::Point2f eyes = middle(right_eye_corner, left_eye_corner), mouth = middle(upper_lip, lower_lip);
  const float reach = tuning::features_apart * face_size(sighting.box);
  const auto near = [reach](cv::Point2f a, cv::Point2f b) {
    return std::hypot(a.x - b.x, a.y - b.y) < reach;
  };
  const cv::Point2f down = mouth - eyes, seen = sighting.features->mouth - sighting.features->eyes;
  return near(eyes, sighting.features->eyes) && near(mouth, sighting.features->mouth) && down.dot(seen) > 0;
}

bool within_features(const cv::Rect2f& box, const models::FaceMeshResult& mesh) {
  std::vector<cv::Point2f> points, outline;
  for (const cv::Point3f& point : mesh.landmarks)
    points.emplace_back(point.x, point.y);
  cv::convexHull(points, outline);
  for (int at = 0; at < 360; at += tuning::outline_step) {
    const float angle = static_cast<float>(at) * std::numbers::pi_v<float> / 180.F;
    const cv::Point2f edge =
        center(box) + cv::Point2f(box.width / 2 * std::cos(angle), box.height / 2 * std::sin(angle));
    if (cv::pointPolygonTest(outline, edge, false) < 0)
      return false;
  }
  return true;
}

bool is_weak_part(const Sighting& sighting, const models::FaceMeshResult& mesh, float confirmed) {
  return sighting.strong && sighting.score < std::min(tuning::sure_alone, confirmed) &&
         within_features(sighting.box, mesh);
}

} // namespace deid::facedetect
