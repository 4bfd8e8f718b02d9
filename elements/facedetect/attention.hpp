#pragma once
#include "elements/meta/fingerprint.hpp"
#include <array>
#include <opencv2/core.hpp>

namespace deid::facedetect {

/// Chooses the window of a large frame that CenterFace searches next, because one run resolves only a window.
/// Each block of the fingerprint has a weight [0..1]. A block that changed since its last search has weight
/// 1, because a face may have appeared in it. The weight of an unchanged block grows slowly, so that all
/// blocks are searched in time. Not thread-safe.
class Attention {
public:
  /// window: side of the square window, frame px. No windows are used (never()) when the frame has less than
  /// twice the window's area.
  void reset(cv::Size frame, int window);
  [[nodiscard]] bool never() const { return window_.empty(); }
  /// Requires: called once a frame.
  void update(const Fingerprint& frame);
  /// Returns the window with the largest weight, frame px, and marks its blocks as searched. Requires:
  /// !never().
  cv::Rect choose();

private:
  [[nodiscard]] double weight(const cv::Rect& area) const;
  [[nodiscard]] cv::Rect blocks(const cv::Rect& area) const;

  cv::Size frame_{};
  cv::Size window_{};
  Fingerprint now_{}, looked_{};
  std::array<float, Fingerprint::columns * Fingerprint::rows> weight_{};
};

} // namespace deid::facedetect
