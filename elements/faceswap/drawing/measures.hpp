#pragma once
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

/// Lengths of a mesh on a picture, px.
namespace deid::faceswap {

/// Returns the distance between two points.
inline double gap(const std::vector<cv::Point3f>& points, int a, int b) {
  const cv::Point3f d = points[static_cast<std::size_t>(a)] - points[static_cast<std::size_t>(b)];
  return std::hypot(static_cast<double>(d.x), static_cast<double>(d.y));
}

/// Returns the size of a face: its width, or .8 of its height when the face is turned.
inline double face_size(const std::vector<cv::Point3f>& points) {
  return std::max({gap(points, 234, 454), 0.8 * gap(points, 10, 152), 1.0});
}

/// Returns the distance between the outer corners of the eyes.
inline double eye_distance(const std::vector<cv::Point3f>& points) {
  return std::max(1.0, gap(points, 33, 263));
}

/// Returns the point half way between eyes and mouth.
inline cv::Point2f centre_of(const std::vector<cv::Point3f>& points) {
  const cv::Point3f& right = points[33];
  const cv::Point3f& left = points[263];
  const cv::Point3f& below = points[13];
  return {(right.x + left.x) / 4 + below.x / 2, (right.y + left.y) / 4 + below.y / 2};
}

} // namespace deid::faceswap
