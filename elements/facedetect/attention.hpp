#pragma once
#include "elements/meta/fingerprint.hpp"
#include <array>
#include <opencv2/core.hpp>

namespace deid::facedetect {

/// Where in a large frame a close look is worth most: one run of the strong detector resolves only a window
/// of it. A block of the fingerprint that changed since it was last looked at weighs 1 (a face may have come
/// into view); one that did not grows slowly, so that everything is looked at again in time.
class Attention {
public:
  /// window: side of the square that is looked at, frame px; no attention (never()) when the frame is not
  /// much larger.
  void reset(cv::Size frame, int window);
  [[nodiscard]] bool never() const { return window_.empty(); }
  /// One call a frame.
  void update(const Fingerprint& frame);
  /// The best window now; counted as looked at. Requires: !never().
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
