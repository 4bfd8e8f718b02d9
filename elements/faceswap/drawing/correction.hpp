#pragma once
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace deid::faceswap {

/// Moves features so that they are seen where they should be. The network sees the brows, the nose and the
/// chin of a result a few per cent of the face away from the landmarks they were drawn by, always in the same
/// way, because it judges by the whole face. Correction learns this difference and moves the features the
/// other way. One correction is for one target on one person. Thread: one at a time.
class Correction {
public:
  /// Learns from one result. meant: where features should be seen. seen: where they were seen when drawn with
  /// this correction. Both are 468 points, px of one picture. gain [0..1]: the share of the difference that
  /// is made up for. Returns false, and learns nothing, when points are not finite, not 468, or too far
  /// apart.
  bool learn(std::span<const cv::Point3f> meant, std::span<const cv::Point3f> seen, float gain);
  /// Returns the mesh to draw so that features are seen where `mesh` (468, px) has them. Returns `mesh`
  /// itself before anything is learnt.
  [[nodiscard]] std::vector<cv::Point3f> applied(const std::vector<cv::Point3f>& mesh) const;
  /// Returns how often learn() returned true.
  [[nodiscard]] int looks() const { return looks_; }

private:
  std::vector<cv::Point2f>
      shift_{}; ///< of each point, in sizes of the face, along and across the line of the eyes
  int looks_ = 0;
};

} // namespace deid::faceswap
