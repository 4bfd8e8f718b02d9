#pragma once
#include "elements/cover/gstdeidcover.hpp"
#include "elements/faceswap/face_state.hpp"
#include "elements/faceswap/perception/hands.hpp"
#include <memory>

namespace deid::faceswap {

struct NamedPainter {
  std::string name;
  std::unique_ptr<Painter> painter; ///< draws the face of this target
};

struct ComposeOptions {
  DrawOptions draw{};
  float opacity = 1.F; ///< of the whole overlay over the blur, [0..1]
};

/// Returns the overlay of the covered face number `index` of the plan: the target, over the blur. The
/// person's own face gives skin colour, light, sharpness, and the parts that DrawOptions keeps. Around the
/// swap, the overlay restores the frame where the cover reached beyond the face (hair, ears, neck,
/// background). It restores nothing, and draws no own mouth and eyes, where the outline of the face is
/// uncertain or another region of the plan lies. hands: stay in front. render: requires landmarks; its memory
/// is updated. Requires a mask that is not empty. Throws as draw() does.
cover::Overlay compose(const NamedPainter& target, const video::FrameView& original, const cover::Plan& plan,
                       std::size_t index, const SwapGate::Step& step, RenderState& render,
                       const ComposeOptions& options, std::span<const SeenHand> hands = {});

/// Returns the share of a face that lies behind hands, [0..1]. A hand that fades in counts by its weight.
double share_behind(std::span<const SeenHand> hands, const cv::Rect& bounds,
                    const std::vector<cv::Point3f>& landmarks);

} // namespace deid::faceswap
