#pragma once
#include "elements/faceswap/drawing/correction.hpp"
#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/steady.hpp"
#include "elements/faceswap/drawing/warp.hpp"
#include <functional>

namespace deid::faceswap {

enum class Eyes : std::uint8_t { own, target };

struct DrawOptions {
  float feather =
      0.015F; ///< [0..0.3], share of the face's width over which the swap fades out beyond the face
  Eyes eyes = Eyes::own; ///< whose eyes look out between the lids
  bool own_parts = true; ///< false: nothing of the subject's own is drawn, because nobody knows where it is
  cv::Mat hands{}; ///< CV_8UC1 of the picture's size, 255: a hand lies in front of the face; empty: none does
  float sure_hands = 0; ///< [0..1], for how long they were surely hands: those may hide more of the face
  cv::Mat free{}; ///< CV_8UC1 of the picture's size, 255: the frame may be seen; empty: everywhere. What lies
                  ///< elsewhere is another face, and nothing is drawn from it
  float geometry = 0.F; ///< [0..1], how far the features move towards the target's: see Geometry
};

/// What is kept of one person from frame to frame, so that light, sharpness and form do not flicker. Of the
/// person no picture.
struct Memory {
  SkinMemory skin{};
  int softness = -1; ///< step of the blur that matches the sharpness; -1: not yet known
  RestShape rest{};  ///< on the target it was last drawn with
  Steady steady{};
  Correction correction{};
  int since_look = 0; ///< frames since the result was last looked at for the correction
  std::vector<cv::Point3f>
      meant{};       ///< where features should be seen in what was drawn last, frame px; empty: nobody knows
  cv::Mat brought{}; ///< the target's face as a trained network drew it last
};

/// Cuts RGB (CV_8UC3) of this size out of the whole frame; the matrix leads from the crop's px to the
/// frame's; black outside.
using CropFrame = std::function<cv::Mat(const cv::Matx23f&, cv::Size)>;

/// One face of one frame, before it is covered.
struct PainterInput {
  const cv::Mat& original;                   ///< CV_8UC3
  cv::Point at{};                            ///< its top left corner in the frame
  const std::vector<cv::Point3f>& landmarks; ///< 468, frame px, finite
  const std::vector<cv::Point3f>& mesh;      ///< the same, px of original
  const CropFrame& crop;
};

/// The face that is brought, before it is blended in. Sizes are those of PainterInput::original.
struct Painted {
  cv::Mat rgb{};                     ///< CV_8UC3 in the subject's colours, where shown
  cv::Mat shown{};                   ///< CV_8UC1, 255 or 0; all 0: nothing is brought, and the cover stays
  std::vector<cv::Point3f> points{}; ///< with_forehead's of where features should be seen, px of original
};

/// How a target's face comes onto a person's: the part in which engines differ. What is done with it
/// (sharpness, shading, mask, blending, what comes back around it) is the same for all. Threads: one at a
/// time.
class Painter {
public:
  Painter() = default;
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;
  virtual ~Painter() = default;
  virtual Painted paint(const PainterInput& input, const DrawOptions& options, Memory& memory) = 0;
  /// Whether DrawOptions::geometry moves the features of what it brings.
  [[nodiscard]] virtual bool moves_features() const = 0;
  /// Whether it brings neither the inside of the mouth nor a gaze, so that they must be drawn from the frame.
  [[nodiscard]] virtual bool wants_own_parts() const = 0;
};

} // namespace deid::faceswap
