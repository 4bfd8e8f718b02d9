#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::composites {

/// Closes the mouth of an upright 468-point face, takes most of the curve of a smile out of it, and narrows
/// it to the usual width for the distance of the eyes. Points around follow, the less the farther away. Never
/// throws on values of points. Thread: any.
void close_mouth(std::vector<cv::Point3f>& face);

} // namespace deid::composites
