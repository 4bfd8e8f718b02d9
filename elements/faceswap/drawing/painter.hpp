#pragma once
#include "elements/faceswap/drawing/memory.hpp"
#include "elements/faceswap/drawing/values.hpp"

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
  /// The frame comes back around the face, where it is free. Needs own_parts.
  bool surroundings = false;
  float geometry = 0.F; ///< how far features move towards the target's, [0..1]; see Geometry
};

/// Input of a Painter: one face of one frame, before it is covered.
struct PainterInput {
  const cv::Mat& original; ///< CV_8UC3
  cv::Point at{};          ///< top left corner of original in the frame
  const Points& landmarks; ///< 468, frame px, finite
  const Place& place;      ///< the same, px of original
  const CropFrame& crop;
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
