#pragma once
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace deid::faceswap {

/// Draws features where they should be seen. A target's brows, nose or chin that are drawn by landmarks are
/// seen elsewhere than those landmarks say, by a few per cent of the face and always the same way: the
/// network that finds landmarks judges by the look of the whole face. So the result is looked at, and what is
/// seen displaced is drawn displaced the other way. Learnt on one target, for one person. Threads: one at a
/// time.
class Correction {
public:
  /// meant, seen: 468 points each, px of one picture: where features should be, and where they were seen when
  /// drawn with this correction. gain [0..1]: how much of the difference is made up for. What is farther
  /// apart than features can be, not finite, or another number of points is passed over; false then.
  bool learn(std::span<const cv::Point3f> meant, std::span<const cv::Point3f> seen, float gain);
  /// The mesh to draw, so that features are seen where `mesh` (468, px) has them; the same before anything is
  /// learnt.
  [[nodiscard]] std::vector<cv::Point3f> applied(const std::vector<cv::Point3f>& mesh) const;
  /// How often it has learnt.
  [[nodiscard]] int looks() const { return looks_; }

private:
  std::vector<cv::Point2f> shift_{}; ///< of each point, in sizes of the face, along and across its eyes
  int looks_ = 0;
};

} // namespace deid::faceswap
