#pragma once
#include "elements/faceswap/correction.hpp"
#include "elements/faceswap/skin.hpp"
#include "elements/faceswap/steady.hpp"
#include "elements/faceswap/warp.hpp"

namespace deid::faceswap {

enum class Eyes : std::uint8_t { own, target };

struct DrawOptions {
  float feather =
      0.015F; ///< [0..0.3], share of the face's width over which the swap fades out beyond the face
  Eyes eyes = Eyes::own; ///< whose eyes look out between the lids
  bool own_parts = true; ///< false: nothing of the subject's own is drawn, because nobody knows where it is
  float geometry = 0.F;  ///< [0..1], how far the features move towards the target's: see Geometry
};

/// What is kept of one person from frame to frame, so that light, sharpness and form do not flicker.
struct Memory {
  SkinMemory skin{};
  int softness = -1; ///< step of the blur that matches the sharpness; -1: not yet known
  RestShape rest{};  ///< on the target it was last drawn with
  Steady steady{};
  Correction correction{};
  int since_look = 0;               ///< frames since the result was last looked at for the correction
  std::vector<cv::Point3f> meant{}; ///< where features should be seen in what was drawn last, frame px
};

/// A face to be laid over its covered region. rgb: CV_8UC3, with colours everywhere; alpha: CV_8UC1, 255 =
/// all swap. On the face, from brows to chin, alpha is 255; it is less only where hair lies on the forehead
/// or on the rim of the upper half, and beyond the face.
struct Picture {
  cv::Mat rgb{}, alpha{};
};

/// Draws the target on a face: mesh warp, colour and light of the subject's skin, its sharpness, its own open
/// mouth and, when asked, its own eyes; the forehead goes on up to where hair begins. original: CV_8UC3 of
/// the frame before it was covered, its top left corner at `at` (frame px); landmarks: 468, frame px, finite.
/// Threads: one at a time for one `memory`. Throws std::invalid_argument on landmarks that are not 468 or not
/// finite. An alpha that is all 0 comes back when nothing of the face looks at the viewer.
Picture draw(const Texture& texture, const cv::Mat& original, cv::Point at,
             const std::vector<cv::Point3f>& landmarks, const DrawOptions& options, Memory& memory);

} // namespace deid::faceswap
