#pragma once
#include <opencv2/core.hpp>
#include <span>

namespace deid::faceswap {

/// For every pixel of a picture of `size` the place in another picture that it shows: piecewise affine
/// between corresponding points [px, pixel centres at integer + .5], over the Delaunay triangles of `to`.
/// CV_32FC2 for cv::remap (which counts centres from integers). Pixels outside all triangles: (-1, -1).
/// Requires: as many points in `to` as in `from`, at least 3, finite.
cv::Mat warp_map(std::span<const cv::Point2f> to, std::span<const cv::Point2f> from, cv::Size size);

} // namespace deid::faceswap
