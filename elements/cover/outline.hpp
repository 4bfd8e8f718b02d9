#pragma once
#include "elements/meta/face_region.hpp"
#include <opencv2/core.hpp>
#include <vector>

namespace deid::cover {

/// An ellipse in frame px. `right` is the unit vector of semi-axis `a`; semi-axis `b` is perpendicular to it.
struct Ellipse {
  cv::Point2d centre{};
  cv::Point2d right{1, 0};
  double a = 0;
  double b = 0;
};

/// Throws std::invalid_argument when a box or a landmark is not finite or beyond a million px, a size is not
/// above zero, or there are landmarks but not 468.
void require_sane(const FaceRegion& face, float margin);

/// The box, enlarged to contain the landmarks, and grown by the margin.
cv::Rect2d box_outline(const FaceRegion& face, double margin);

/// Convex outline of the mesh grown by the margin, with the forehead up to the hairline. Requires landmarks.
std::vector<cv::Point2d> contour_outline(const FaceRegion& face, double margin);

/// An ellipse around the contour outline, rotated with the face. Without landmarks: around the box.
Ellipse ellipse_outline(const FaceRegion& face, double margin);

/// The whole head with hair and ears. Without landmarks the upward direction is unknown, so it grows to all
/// sides.
Ellipse head_outline(const FaceRegion& face, double margin);

} // namespace deid::cover
