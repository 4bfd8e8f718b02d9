#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// What at the rim of a face is surely not its skin: hair, a hat, what is behind the head, and what
/// looks like it on the rim of cheeks and jaw (a beard, a mark). CV_8UC1, 255 =
/// surely; it may stay in front of the swap. Between brows and lips always 0: a face never shows. On the face
/// only what differs much from `swap` counts (darker hair, another colour), beyond its oval also what differs
/// somewhat; skin that is lighter than expected is skin on the whole forehead. original, swap: CV_8UC3 of one
/// size, swap with colours everywhere; points: with_forehead's, px.
cv::Mat in_front(const cv::Mat& original, const cv::Mat& swap, const std::vector<cv::Point3f>& points);

} // namespace deid::faceswap
