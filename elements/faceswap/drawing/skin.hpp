#pragma once
#include "elements/faceswap/drawing/color.hpp"
#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include "elements/faceswap/drawing/warp.hpp"
#include <functional>
#include <optional>

namespace deid::faceswap {

/// What is known of a person's skin, and of the light on it, so that neither flickers.
struct SkinMemory {
  std::optional<Palette> palette{};
  Light light{};
  HiddenMouth mouth{}; ///< while something is in front of it, the light below is not learned
};

/// The same places of the skin in both pictures.
struct SkinSamples {
  std::vector<cv::Vec3b> subject{}, target{};
  std::vector<cv::Point2f> places{};  ///< relative to the face's centre, in its sizes
  std::vector<cv::Point2f> on_face{}; ///< within the face, [0..1] x [0..1]: what Light is asked with
};

/// How the target's colours become the subject's by what is seen of both, and of the light into `memory`.
/// inside: surely skin; rim: what is likely to be; measure: false when the subject is nothing to go by; then
/// what is remembered is used. Nothing when nothing is known.
std::optional<Transfer> learn_skin(const SkinSamples& inside, const std::function<SkinSamples()>& rim,
                                   bool measure, SkinMemory& memory);

/// How the target's colours become the subject's, for every point of the texture: colour and spread of the
/// skin (transfer), and the light on each part of the face. points: of the subject, px of `original`
/// (CV_8UC3, not empty). measure: false when the original is nothing to go by; then what is remembered is
/// used.
Tint match_skin(const Texture& texture, const cv::Mat& original, const std::vector<cv::Point3f>& points,
                bool measure, SkinMemory& memory);

} // namespace deid::faceswap
