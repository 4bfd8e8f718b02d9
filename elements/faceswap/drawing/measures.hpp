#pragma once
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

/// Lengths of a mesh on a picture, px.
namespace deid::faceswap {

/// Returns the distance between two points.
inline double gap(const Points& points, int a, int b) {
  const cv::Point3f d = points[static_cast<std::size_t>(a)] - points[static_cast<std::size_t>(b)];
  return std::hypot(static_cast<double>(d.x), static_cast<double>(d.y));
}

/// Returns the size of a face: its width, or a share of its height when the face is turned.
inline double face_size(const Points& points) {
  return std::max({gap(points, point::ear_right, point::ear_left),
                   tuning::width_of_height * gap(points, point::top, point::chin), 1.0});
}

/// Returns the distance between the outer corners of the eyes.
inline double eye_distance(const Points& points) {
  return std::max(1.0, gap(points, point::right_eye, point::left_eye));
}

/// Returns the point half way between eyes and mouth.
inline cv::Point2f centre_of(const Points& points) {
  const cv::Point3f& right = points[point::right_eye];
  const cv::Point3f& left = points[point::left_eye];
  const cv::Point3f& below = points[point::upper_lip];
  return {(right.x + left.x) / 4 + below.x / 2, (right.y + left.y) / 4 + below.y / 2};
}

/// Returns the points of a picture of one size, px, on the same picture in another size.
inline Points in_size(const Points& points, cv::Size from, cv::Size to) {
  const auto x = static_cast<float>(to.width) / static_cast<float>(from.width);
  const auto y = static_cast<float>(to.height) / static_cast<float>(from.height);
  Points out;
  out.reserve(points.size());
  for (const cv::Point3f& p : points)
    out.emplace_back(p.x * x, p.y * y, p.z * x);
  return out;
}

} // namespace deid::faceswap
