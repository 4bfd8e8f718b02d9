#pragma once
#include "elements/faceswap/color.hpp"
#include "elements/faceswap/warp.hpp"
#include <optional>

namespace deid::faceswap {

enum class Eyes : std::uint8_t { own, target };

struct DrawOptions {
  float feather =
      0.06F; ///< [0..0.3], share of the face's width over which the swap fades into what it covers
  Eyes eyes = Eyes::own; ///< whose eyes look out between the lids
  bool own_parts = true; ///< false: nothing of the subject's own is drawn, because nobody knows where it is
};

/// What is kept of one person from frame to frame, so that light and sharpness do not flicker.
struct Memory {
  std::optional<Palette> skin{};
  int softness = -1; ///< step of the blur that matches the sharpness; -1: not yet known
};

/// A face to be laid over its covered region. alpha: CV_8UC1, 255 = all swap; rgb: CV_8UC3. Where alpha is 0,
/// rgb is nothing to look at.
struct Picture {
  cv::Mat rgb{}, alpha{};
};

/// Draws the target on a face: mesh warp, colour of the subject's skin, its sharpness, its own open mouth
/// and, when asked, its own eyes; edge feathered. original: CV_8UC3 of the frame before it was covered, its
/// top left corner at `at` (frame px); landmarks: 468, frame px, finite. Threads: one at a time for one
/// `memory`. Throws std::invalid_argument on landmarks that are not 468 or not finite. An alpha that is all 0
/// comes back when nothing of the face looks at the viewer.
Picture draw(const Texture& texture, const cv::Mat& original, cv::Point at,
             const std::vector<cv::Point3f>& landmarks, const DrawOptions& options, Memory& memory);

} // namespace deid::faceswap
