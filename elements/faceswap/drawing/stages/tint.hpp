#pragma once
#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/texture.hpp"
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct TintInput {
  const Texture& texture;  ///< of the target
  const cv::Mat& original; ///< CV_8UC3, not empty
  const Points& points;    ///< 481, px of original
  bool measure = true;     ///< false: the original cannot be measured, and the memory applies
};

/// Returns the tint of every point of the texture: the transfer of the skin's colour and spread, and the
/// light on each part of the face. Without a tint colours stay: the person's skin is not known. memory:
/// learns skin and light, and watches whether the mouth is hidden. Thread: one at a time for one memory.
Tint tint(const TintInput& in, SkinMemory& memory);

} // namespace deid::faceswap::stage
