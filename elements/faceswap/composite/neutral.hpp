#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Closes the mouth of an upright 468-point face, takes most of a smile's curve out of it and narrows it to
/// what is usual for the distance of the eyes. Points around follow, less the farther they are. Throws
/// nothing on any points.
void close_mouth(std::vector<cv::Point3f>& face);

} // namespace deid::faceswap
