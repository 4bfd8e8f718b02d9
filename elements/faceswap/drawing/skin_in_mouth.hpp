#pragma once
#include "elements/faceswap/drawing/values.hpp"
#include <optional>

namespace deid::faceswap {

/// Returns the share [0..1] of the opening of the mouth that has the colour of the person's skin. Teeth,
/// tongue and shadow have other colours, so a large share is a finger before the mouth. Returns nothing when
/// the opening is too small, or the skin has no colour (a grey picture). rgb: CV_8UC3. points: 468 or more,
/// px. skin: its mean, R, G, B, levels. Thread: any.
std::optional<double> skin_in_mouth(const cv::Mat& rgb, const Points& points, const cv::Vec3d& skin);

} // namespace deid::faceswap
