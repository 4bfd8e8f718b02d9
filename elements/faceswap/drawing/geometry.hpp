#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// A subject's face at rest, as far as seen: the running mean of its mesh, laid on a target's.
struct RestShape {
  std::vector<cv::Point3f> mean{}; ///< 468 points, px of the target; empty: not yet seen
  double weight = 0;               ///< frames seen from in front
};

/// Moves a face's features towards those of one target: eyes and brows to their places (and size), the nose
/// to its form, the mouth to its place and width. What the face does at the moment (its difference from its
/// rest) stays, so expression, speech and blinks keep their measure. Threads: const methods from any.
class Geometry {
public:
  /// target: 468 points of a frontal, neutral mesh, px. Throws std::invalid_argument on another number.
  explicit Geometry(std::vector<cv::Point3f> target);

  /// landmarks: 468 points, finite. amount [0..1]: share of the way; 0 gives the landmarks themselves. The
  /// outline of the face stays up to .5; beyond, it goes too: wholly at 1. rest: of this subject on this
  /// target; learns from these landmarks. Landmarks that are all in one place come back as they are.
  [[nodiscard]] std::vector<cv::Point3f> moved(const std::vector<cv::Point3f>& landmarks, float amount,
                                               RestShape& rest) const;
  /// The same without learning, and with the mouth at rest and shut by `share` [0..1], for a mesh that does
  /// not see the mouth: something is in front of it. The outline stays.
  [[nodiscard]] std::vector<cv::Point3f> with_mouth_shut(const std::vector<cv::Point3f>& landmarks,
                                                         float share, const RestShape& rest) const;

private:
  /// How far every anchor must go on a face at rest, px of the target.
  [[nodiscard]] std::vector<cv::Point3f> anchor_steps(const RestShape& rest, float outline) const;

  std::vector<cv::Point3f> target_;
  std::vector<int> anchors_;   ///< points that lead the others
  cv::Mat_<float> weights_{};  ///< 468 x anchors: how much each follows each; rows sum to 1
  std::vector<float> mouth_{}; ///< 468: how much each belongs to the mouth [0..1]
};

} // namespace deid::faceswap
