#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace deid::faceswap {

/// CIE L* [0..100], a* and b* of a person's skin.
using Tone = cv::Vec3f;

/// Returns the median over places of the face that are skin on nearly every person (cheeks, nose, the middle
/// of the forehead). rgb: CV_8UC3; landmarks: 468 of the face mesh, px of rgb. Returns nothing when fewer
/// than half of the places are in the picture. Thread: any.
std::optional<Tone> skin_tone(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);

/// Returns the difference of two tones: CIE76 with half the weight on lightness, because the lamp changes
/// lightness as much as skin does.
double tone_difference(const Tone& a, const Tone& b);

} // namespace deid::faceswap
