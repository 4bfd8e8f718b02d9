#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap {

/// Areas of a face on a picture, CV_8UC1 of `size`, 255 inside. points: of with_forehead(), px. Thread: any.

/// Returns the area within the oval of the mesh.
cv::Mat face_area(const Points& points, cv::Size size);
/// Returns brows, eyes, nose, mouth and all between them. Nothing of this area ever shows.
cv::Mat inner_area(const Points& points, cv::Size size);
/// Returns where hair may lie on a face: the rim, a tenth of the way to the middle along the jaw and more
/// beside the eyes, and all above the brows. The chin does not belong to it.
cv::Mat hair_area(const Points& points, cv::Size size);

} // namespace deid::faceswap
