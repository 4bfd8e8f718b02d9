#pragma once
#include "elements/facedetect/finder.hpp"
#include "models/facemesh/facemesh.hpp"
#include <opencv2/core.hpp>

namespace deid::facedetect {

/// Intersection over union [0..1]; 0 when both are empty.
float iou(const cv::Rect2f& a, const cv::Rect2f& b);
/// Intersection over the smaller area [0..1]; 0 when one is empty.
float overlap_of_smaller(const cv::Rect2f& a, const cv::Rect2f& b);
cv::Point2f center(const cv::Rect2f& box);
/// Side of the square with the same area, px.
float face_size(const cv::Rect2f& box);
/// Distance of the centres, in sizes of b.
float distance_in_sizes(const cv::Rect2f& a, const cv::Rect2f& b);
/// Same centre, both sides times `factor`.
cv::Rect2f scaled(const cv::Rect2f& box, float factor);
cv::Rect2f shifted(const cv::Rect2f& box, cv::Point2f by);
/// a at t = 0, b at t = 1.
cv::Rect2f interpolate(const cv::Rect2f& a, const cv::Rect2f& b, float t);
bool is_finite(const cv::Rect2f& box);

/// Whether two boxes are of one face: their IoU is above tuning::same_face_iou, or the centre of one lies
/// well inside the other and the sizes are similar.
bool same_face(const cv::Rect2f& a, const cv::Rect2f& b);

/// Whether a detection is of the face inside it, with a coarse box: it is larger and contains nearly all of
/// the face.
bool is_coarse(const cv::Rect2f& seen, const cv::Rect2f& inside);

/// Returns the box of the mesh: hairline to chin and ear to ear.
cv::Rect2f face_box(const models::FaceMeshResult& mesh);
/// Whether eyes and mouth of the mesh are near the detector's, and the same way up. True when the detection
/// has no eyes and mouth.
bool fits(const models::FaceMeshResult& mesh, const Sighting& sighting);
/// Returns the region of interest of the mesh for a detection. roll: radians.
models::RotatedRoi mesh_roi(const cv::Rect2f& box, float roll);
/// Returns the tilt of the eye line, radians, clockwise on screen.
float roll_of(const models::FaceMeshResult& mesh);

} // namespace deid::facedetect
