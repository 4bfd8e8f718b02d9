#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::composites {

/// The 468 points of one face mesh, px.
using Face = std::vector<cv::Point3f>;

inline cv::Point2f flat(const cv::Point3f& p) {
  return {p.x, p.y};
}

/// Returns p * by + by_then for every point.
inline Face scaled(const Face& face, float by, cv::Point3f by_then) {
  Face result;
  result.reserve(face.size());
  for (const cv::Point3f& p : face)
    result.push_back(p * by + by_then);
  return result;
}

inline cv::Point3f center(const Face& face) {
  cv::Point3d sum;
  for (const cv::Point3f& p : face)
    sum += cv::Point3d(p);
  return cv::Point3f(sum / static_cast<double>(face.size()));
}

} // namespace deid::composites
