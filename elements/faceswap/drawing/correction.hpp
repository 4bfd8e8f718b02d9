#pragma once
#include "elements/faceswap/drawing/values.hpp"
#include <span>

namespace deid::faceswap {

/// Moves mesh points so that the network finds the landmarks of a result at the intended places. It finds
/// brows, nose and chin a few per cent of the face beside the landmarks that were drawn, with a constant
/// offset, because it uses the whole face. Correction learns this offset and shifts the points the opposite
/// way. One correction is for one target on one person. Thread: one at a time.
class Correction {
public:
  /// Learns from one result. meant: the intended landmarks. seen: the landmarks that were found on a result
  /// drawn with this correction. Both are 468 points, px of one picture. gain [0..1]: the share of the
  /// difference that is corrected. Returns false, and learns nothing, when points are not finite, not 468, or
  /// too far apart.
  bool learn(std::span<const cv::Point3f> meant, std::span<const cv::Point3f> seen, float gain);
  /// Returns the mesh to draw, so that landmarks are found where `mesh` (468, px) has them. Returns `mesh`
  /// itself before the first learn().
  [[nodiscard]] Points applied(const Points& mesh) const;
  /// Returns how often learn() returned true.
  [[nodiscard]] int looks() const { return looks_; }

private:
  std::vector<cv::Point2f>
      shift_{}; ///< of each point, in sizes of the face, along and across the line of the eyes
  int looks_ = 0;
};

} // namespace deid::faceswap
