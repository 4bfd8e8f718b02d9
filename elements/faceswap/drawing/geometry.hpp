#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap {

/// The neutral face of a subject: the running mean of its mesh, aligned to the mesh of a target.
struct RestShape {
  Points mean{};     ///< 468 points, px of the target; empty: not known yet
  double weight = 0; ///< frontal frames in the mean
};

/// Moves the features of a face towards those of one target: eyes and brows to their places and sizes, the
/// nose to its form, the mouth to its place and width. The difference of the face from its rest stays, so
/// expression, speech and blinks keep their measure. Thread: const functions any.
class Geometry {
public:
  /// Requires 468 points of a frontal, neutral mesh, px. Throws std::invalid_argument on another number.
  explicit Geometry(Points target);

  /// Returns the moved landmarks. landmarks: 468, finite. amount [0..1]: share of the way; 0 returns the
  /// landmarks themselves. The outline of the face stays up to .5 and moves fully at 1. rest: of this subject
  /// on this target; it learns from these landmarks. Landmarks that all lie in one place come back unchanged.
  [[nodiscard]] Points moved(const Points& landmarks, float amount, RestShape& rest) const;
  /// Returns the landmarks with the mouth at rest, and shut by `share` [0..1]: for a mesh of a hidden mouth.
  /// Learns nothing. The outline stays.
  [[nodiscard]] Points with_mouth_shut(const Points& landmarks, float share, const RestShape& rest) const;

private:
  /// Returns the step of every anchor on a face at rest, px of the target.
  [[nodiscard]] Points anchor_steps(const RestShape& rest, float outline) const;

  Points target_;
  std::vector<int> anchors_;   ///< points that the other points follow
  cv::Mat_<float> weights_{};  ///< 468 x anchors: the weight of each anchor for each point; rows sum to 1
  std::vector<float> mouth_{}; ///< 468: how far each point belongs to the mouth, [0..1]
};

} // namespace deid::faceswap
