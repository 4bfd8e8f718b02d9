#pragma once
#include "models/blazeface/blazeface.hpp"

namespace deid::models {

/// Intersection over union of two boxes [0..1]; 0 when either is empty.
[[nodiscard]] float overlap(const cv::Rect2f& a, const cv::Rect2f& b);

/// MediaPipe's weighted non-maximum suppression: boxes and keypoints of one face are averaged with their
/// scores as weights. Gives one detection per face, best first. iou: boxes that overlap more than this are
/// one face [0..1].
[[nodiscard]] std::vector<FaceDetection> suppress_weighted(std::vector<FaceDetection> found, float iou);

/// Plain non-maximum suppression: the best box of each face as it is, best first.
[[nodiscard]] std::vector<FaceDetection> suppress(std::vector<FaceDetection> found, float iou);

} // namespace deid::models
