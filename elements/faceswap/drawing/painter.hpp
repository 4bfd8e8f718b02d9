#pragma once
#include "elements/faceswap/drawing/correction.hpp"
#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/steady.hpp"
#include "elements/faceswap/drawing/warp.hpp"
#include <functional>

namespace deid::faceswap {

enum class Eyes : std::uint8_t { own, target };

struct DrawOptions {
  /// Share of the face's width over which the swap fades out beyond the face, [0..0.3].
  float feather = 0.015F;
  Eyes eyes = Eyes::own; ///< the eyes between the lids
  bool own_parts = true; ///< false: own mouth and eyes are not drawn, because their place is unknown
  /// CV_8UC1 of the picture's size, 255: a hand lies in front of the face; empty: none does.
  cv::Mat hands{};
  float sure_hands = 0; ///< certainty of the hands, [0..1]; certain hands may hide more of the face
  /// CV_8UC1 of the picture's size, 255: the frame may be seen; empty: everywhere. Elsewhere is another face,
  /// whose pixels are not used.
  cv::Mat free{};
  bool fine = true; ///< false: sharpness and shading of the frame are not followed, which costs less
  float geometry = 0.F; ///< how far features move towards the target's, [0..1]; see Geometry
};

/// The drawing's state of one person, so that light, sharpness and form do not flicker. It holds no picture
/// of the person.
struct Memory {
  SkinMemory skin{};
  int softness = -1; ///< step of the blur that matches the sharpness; -1: not known yet
  RestShape rest{};  ///< on the last target
  Steady steady{};
  Correction correction{};
  int since_look = 0; ///< frames since the correction last saw a result
  /// Intended landmarks of the last swap, frame px; empty: not known.
  std::vector<cv::Point3f> meant{};
  cv::Mat brought{}; ///< the last face of the target that a trained network drew
};

/// Returns RGB (CV_8UC3) of this size, cut out of the whole frame; black outside. The matrix takes px of the
/// crop to px of the frame.
using CropFrame = std::function<cv::Mat(const cv::Matx23f&, cv::Size)>;

/// Input of a Painter: one face of one frame, before it is covered.
struct PainterInput {
  const cv::Mat& original;                   ///< CV_8UC3
  cv::Point at{};                            ///< top left corner of original in the frame
  const std::vector<cv::Point3f>& landmarks; ///< 468, frame px, finite
  const std::vector<cv::Point3f>& mesh;      ///< the same, px of original
  const CropFrame& crop;
};

/// Output of a Painter: the face of the target, before blending. Pictures have the size of
/// PainterInput::original.
struct Painted {
  cv::Mat rgb{};                     ///< CV_8UC3 in the colours of the subject, where shown
  cv::Mat shown{};                   ///< CV_8UC1, 255 or 0; all 0: nothing was drawn, and the cover stays
  std::vector<cv::Point3f> points{}; ///< intended places of the points of with_forehead(), px of original
};

/// Draws the face of a target on the face of a person. Engines differ in this step alone; sharpness, shading,
/// mask and blending are the same for all. Thread: one at a time.
class Painter {
public:
  Painter() = default;
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;
  virtual ~Painter() = default;
  /// Draws one face. memory: of this person with this target.
  virtual Painted paint(const PainterInput& input, const DrawOptions& options, Memory& memory) = 0;
  /// Returns whether DrawOptions::geometry moves the features.
  [[nodiscard]] virtual bool moves_features() const = 0;
  /// Returns whether mouth and gaze must come from the frame, because the painter draws neither.
  [[nodiscard]] virtual bool wants_own_parts() const = 0;
};

} // namespace deid::faceswap
