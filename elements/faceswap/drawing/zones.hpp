#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Areas of a face on a picture, CV_8UC1 of `size`, 255 inside. points: with_forehead's, px.
cv::Mat face_area(const std::vector<cv::Point3f>& points, cv::Size size); ///< within the oval of the mesh
/// Brows, eyes, nose and mouth and all between them: what makes a face. Nothing of it ever shows.
cv::Mat inner_area(const std::vector<cv::Point3f>& points, cv::Size size);
/// Where hair lies on a face: from its rim a little inwards, a tenth of the way along the jaw (a beard's rim)
/// and more beside the eyes, and all above the brows. The chin is none of it.
cv::Mat hair_area(const std::vector<cv::Point3f>& points, cv::Size size);

} // namespace deid::faceswap
