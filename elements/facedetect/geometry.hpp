#pragma once
#include "elements/facedetect/finder.hpp"
#include "models/facemesh/facemesh.hpp"
#include <opencv2/core.hpp>

namespace deid::facedetect {

/// Intersection over union [0..1].
float iou(const cv::Rect2f& a, const cv::Rect2f& b);
/// Intersection over the smaller of the two [0..1].
float overlap_of_smaller(const cv::Rect2f& a, const cv::Rect2f& b);
cv::Point2f center(const cv::Rect2f& box);
/// Side of the square with the same area, px.
float face_size(const cv::Rect2f& box);
/// Between their centres, in sizes of b.
float distance_in_sizes(const cv::Rect2f& a, const cv::Rect2f& b);
/// Same centre, both sides times `factor`.
cv::Rect2f scaled(const cv::Rect2f& box, float factor);
cv::Rect2f shifted(const cv::Rect2f& box, cv::Point2f by);
/// a at t = 0, b at t = 1.
cv::Rect2f interpolate(const cv::Rect2f& a, const cv::Rect2f& b, float t);
bool is_finite(const cv::Rect2f& box);

/// Two boxes are of one face: they overlap well, or one's centre lies well inside the other and the sizes are
/// alike.
bool same_face(const cv::Rect2f& a, const cv::Rect2f& b);

/// Hairline to chin, ear to ear, from the mesh.
cv::Rect2f face_box(const models::FaceMeshResult& mesh);
/// Whether the mesh has eyes and mouth where the detector saw them, and the same way up. True when the
/// detector said nothing of them.
bool fits(const models::FaceMeshResult& mesh, const Sighting& sighting);
/// The region of interest in which the mesh finds the face of a sighting.
models::RotatedRoi mesh_roi(const cv::Rect2f& box, float roll);
/// Tilt of the eye line, radians, clockwise on screen.
float roll_of(const models::FaceMeshResult& mesh);

} // namespace deid::facedetect
