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
/// Whether the convex hull of the landmarks contains the ellipse in the box. Then every cover that is drawn
/// from the landmarks also covers the face in the box, whose corners are no face.
bool within_features(const cv::Rect2f& box, const models::FaceMeshResult& mesh);
/// Whether the sighting is a part of the face of the mesh: it lies in the mesh's outline, and its score is
/// low and lower than `confirmed`, the score of the last detector that confirmed the face. Beside a hand
/// CenterFace sometimes sees half of a large face, with scores of .4 to .6. A surer sighting may be another
/// face in front.
bool is_weak_part(const Sighting& sighting, const models::FaceMeshResult& mesh, float confirmed);
/// Returns the region of interest of the mesh for a detection. roll: radians.
models::RotatedRoi mesh_roi(const cv::Rect2f& box, float roll);
/// Returns the tilt of the eye line, radians, clockwise on screen.
float roll_of(const models::FaceMeshResult& mesh);

} // namespace deid::facedetect
