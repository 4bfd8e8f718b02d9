#pragma once
#include "elements/faceswap/drawing/color.hpp"
#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include <functional>
#include <optional>

namespace deid::faceswap {

/// State of a person's skin and of the light on it, so that neither flickers.
struct SkinMemory {
  std::optional<Palette> palette{};
  Light light{};
  HiddenMouth mouth{}; ///< While the mouth is hidden, the light of the lower face is not learned.
};

/// Colours at the same places of the skin in both pictures.
struct SkinSamples {
  std::vector<cv::Vec3b> subject{}, target{};
  std::vector<cv::Point2f> places{};  ///< relative to the centre of the face, in sizes of the face
  std::vector<cv::Point2f> on_face{}; ///< within the face, [0..1] x [0..1]; for Light
};

/// Returns the share of skin in the opening of the mouth, given the skin's mean; see skin_in_mouth().
using SkinInMouth = std::function<std::optional<double>(const cv::Vec3d&)>;

/// Returns the transfer from the target's colours to the subject's, and learns skin and light into `memory`.
/// inside: surely skin. rim: likely skin. measure: false when the subject cannot be measured; then the memory
/// applies. in_mouth: asked when the subject is measured. Returns nothing when the subject's skin is not
/// known.
std::optional<Transfer> learn_skin(const SkinSamples& inside, const std::function<SkinSamples()>& rim,
                                   bool measure, const SkinInMouth& in_mouth, SkinMemory& memory);

} // namespace deid::faceswap
