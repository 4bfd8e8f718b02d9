#pragma once
#include "elements/cover/gstdeidcover.hpp"
#include "elements/faceswap/ladder.hpp"

namespace deid::faceswap {

struct NamedTexture {
  std::string name;
  Texture texture;
};

struct ComposeOptions {
  DrawOptions draw{};
  float opacity = 1.F;  ///< [0..1] of the whole overlay over the blur
  float geometry = 0.F; ///< [0..1], how far inner features move towards the target's
};

/// What is drawn on one covered face: the target. Of the face itself only skin colour, sharpness, and what
/// DrawOptions keeps have a part in it. bounds: of the face's mask, in the frame, not empty. Throws as draw()
/// does.
cover::Overlay compose(const NamedTexture& target, const video::FrameView& original, const cv::Rect& bounds,
                       const Ladder::Step& step, const ComposeOptions& options);

} // namespace deid::faceswap
