#pragma once
#include "elements/faceswap/color.hpp"
#include "elements/faceswap/hidden_mouth.hpp"
#include "elements/faceswap/warp.hpp"
#include <optional>

namespace deid::faceswap {

/// What is known of a person's skin, and of the light on it, so that neither flickers.
struct SkinMemory {
  std::optional<Palette> palette{};
  Light light{};
  HiddenMouth mouth{}; ///< while something is in front of it, the light below is not learned
};

/// How the target's colours become the subject's, for every point of the texture: colour and spread of the
/// skin (transfer), and the light on each part of the face. points: of the subject, px of `original`
/// (CV_8UC3, not empty). measure: false when the original is nothing to go by; then what is remembered is
/// used.
Tint match_skin(const Texture& texture, const cv::Mat& original, const std::vector<cv::Point3f>& points,
                bool measure, SkinMemory& memory);

} // namespace deid::faceswap
