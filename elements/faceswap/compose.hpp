#pragma once
#include "elements/cover/gstdeidcover.hpp"
#include "elements/faceswap/choice/swap_gate.hpp"
#include "elements/faceswap/perception/hands.hpp"
#include <memory>

namespace deid::faceswap {

struct NamedPainter {
  std::string name;
  std::unique_ptr<Painter> painter; ///< of this target's face
};

struct ComposeOptions {
  DrawOptions draw{};
  float opacity = 1.F; ///< [0..1] of the whole overlay over the blur
};

/// What is drawn on the covered face number `index` of the plan: the target, over the blur. Of the face
/// itself only skin colour, light, sharpness, and what DrawOptions keeps have a part in it. What the cover
/// took beyond the face (hair, ears, neck, background) comes back around the swap, except where nobody knows
/// for certain where the face is, or where another region of the plan lies; there the own mouth and eyes
/// are not drawn, either. hands: what stays in front. Its
/// mask must not be empty. Throws as draw() does.
cover::Overlay compose(const NamedPainter& target, const video::FrameView& original, const cover::Plan& plan,
                       std::size_t index, const SwapGate::Step& step, const ComposeOptions& options,
                       std::span<const SeenHand> hands = {});

/// How much of a face is behind hands, [0..1]; hands that are coming in count as far as they are shown.
double share_behind(std::span<const SeenHand> hands, const cv::Rect& bounds,
                    const std::vector<cv::Point3f>& landmarks);

} // namespace deid::faceswap
