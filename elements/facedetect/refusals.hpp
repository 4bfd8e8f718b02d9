#pragma once
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <vector>

namespace deid::facedetect {

/// Remembers the glances that CenterFace did not confirm. They are not asked again until they expire. Not
/// thread-safe.
class Refusals {
public:
  void reset() { refusals_.clear(); }
  void add(const cv::Rect2f& box) { refusals_.push_back({box, tuning::refusal_lasts}); }
  /// Whether a box here was refused lately.
  [[nodiscard]] bool has(const cv::Rect2f& box) const {
    return std::ranges::any_of(
        refusals_, [&](const Refusal& refusal) { return iou(refusal.box, box) > tuning::refusal_iou; });
  }
  /// Drops what is too old. A new scene and frames apart drop all. Requires: called once for each frame.
  void age(const Moment& moment) {
    std::erase_if(refusals_, [&](Refusal& refusal) {
      return moment.frame.cut || moment.step.apart || (refusal.beats_left -= moment.step.beats) <= 0;
    });
  }

private:
  struct Refusal {
    cv::Rect2f box{}; ///< frame px
    int beats_left = 0;
  };
  std::vector<Refusal> refusals_;
};

} // namespace deid::facedetect
