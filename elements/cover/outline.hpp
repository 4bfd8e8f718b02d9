#pragma once
#include "elements/meta/face_region.hpp"
#include <opencv2/core.hpp>
#include <vector>

namespace deid::cover {

/// An ellipse in frame px; `right` is the unit vector of semi-axis `a`, the other one is perpendicular to it.
struct Ellipse {
  cv::Point2d centre{};
  cv::Point2d right{1, 0};
  double a = 0;
  double b = 0;
};

/// Throws std::invalid_argument when a box or a landmark is not finite, beyond a million px, or a size is not
/// above zero, or the landmarks are not 468.
void require_sane(const FaceRegion& face, float margin);

/// The box (and the landmarks, should they reach beyond it) grown by the margin.
cv::Rect2d box_outline(const FaceRegion& face, double margin);

/// Convex outline of the mesh grown by the margin, with the forehead up to the hairline. Requires landmarks.
std::vector<cv::Point2d> contour_outline(const FaceRegion& face, double margin);

/// Around the contour outline, turned with the face. Without landmarks: around the box.
Ellipse ellipse_outline(const FaceRegion& face, double margin);

/// The whole head with hair and ears. Without landmarks nobody knows where up is, so it grows to all sides.
Ellipse head_outline(const FaceRegion& face, double margin);

} // namespace deid::cover
