#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <span>

namespace deid::faceswap {

/// CIE L* [0..100], a*, b* of somebody's skin.
using Tone = cv::Vec3f;

/// Median over places of the face that are skin on nearly everybody (cheeks, nose, the middle of the
/// forehead). rgb: CV_8UC3; landmarks: 468 of the face mesh, px of rgb. Nothing when fewer than half of those
/// places are in the picture.
std::optional<Tone> skin_tone(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);

/// How different two skins look: CIE76 with half the weight on lightness, which is half the lamp's.
double tone_difference(const Tone& a, const Tone& b);

} // namespace deid::faceswap
