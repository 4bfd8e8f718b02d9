#pragma once
#include <opencv2/core.hpp>
#include <span>

namespace deid::composites {

/// Returns for every pixel of a picture of `size` its place in another picture: CV_32FC2 for cv::remap, which
/// has pixel centres at integers. The map is piecewise affine over the Delaunay triangles of `to`. to, from:
/// corresponding points, px with centres at integer + .5. A pixel outside all triangles has the place (-1,
/// -1). Requires as many points in `to` as in `from`, at least 3, finite. Thread: any.
cv::Mat warp_map(std::span<const cv::Point2f> to, std::span<const cv::Point2f> from, cv::Size size);

} // namespace deid::composites
