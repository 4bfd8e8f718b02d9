#pragma once
#include "elements/measures/coco/bootstrap.hpp"
#include "elements/measures/keypoint_files/read.hpp"
#include "elements/oksmeter/meter.hpp"

/// Preservation of movement over all videos of one method, as in the paper's Table 2.
namespace deid::evaluate {

/// One COCO evaluation of many videos. Frame numbers continue from video to video.
class Movement {
public:
  explicit Movement(coco::PeopleRule rule = {}) : rule_(rule) {}
  /// Adds the keypoints of one video before and after, as posedetect writes them. Frames are paired by the
  /// time since the first frame of their file, because an encoder may shift all times. Throws
  /// std::invalid_argument on frames without times.
  void add(keypoint_files::Recording original, keypoint_files::Recording deidentified);

  [[nodiscard]] const coco::Evaluation& evaluation() const { return evaluation_; }
  [[nodiscard]] const coco::Preservation& preservation() const { return preservation_; }
  [[nodiscard]] const coco::LeftOut& left_out() const { return left_out_; }
  [[nodiscard]] std::string scale() const { return coco::describe(rule_.scale); }
  /// Returns blocks of one second, or of 30 frames when no times are known.
  [[nodiscard]] coco::BootstrapRule block_rule() const;
  /// Returns nothing without frames.
  [[nodiscard]] std::optional<coco::Intervals> intervals() const;

private:
  coco::PeopleRule rule_;
  coco::Evaluation evaluation_{};
  coco::Preservation preservation_{};
  coco::LeftOut left_out_{};
  std::vector<double> steps_{}; ///< frame intervals [ns]
};

} // namespace deid::evaluate
