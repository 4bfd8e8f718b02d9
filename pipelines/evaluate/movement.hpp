#pragma once
#include "elements/oksmeter/bootstrap.hpp"
#include "elements/oksmeter/meter.hpp"
#include "elements/posefile/read.hpp"

/// What is left of movement, all videos of one method in one evaluation, as the paper's Table 2 has it.
namespace deid::evaluate {

/// One evaluation of many videos; frames are numbered on.
class Movement {
public:
  explicit Movement(oks::PeopleRule rule = {}) : rule_(rule) {}
  /// Keypoints of one video before and after, as posedetect writes them. Frames are paired by their time
  /// since the first frame of their file: an encoder may move all of them. Throws std::invalid_argument on
  /// frames without times.
  void add(posefile::Recording original, posefile::Recording deidentified);

  [[nodiscard]] const oks::Evaluation& evaluation() const { return evaluation_; }
  [[nodiscard]] const oks::Preservation& preservation() const { return preservation_; }
  [[nodiscard]] const oks::LeftOut& left_out() const { return left_out_; }
  [[nodiscard]] std::string scale() const { return oks::describe(rule_.scale); }
  /// Blocks of one second; of 30 frames when no times are known.
  [[nodiscard]] oks::BootstrapRule block_rule() const;
  /// Nothing without frames.
  [[nodiscard]] std::optional<oks::Intervals> intervals() const;

private:
  oks::PeopleRule rule_;
  oks::Evaluation evaluation_{};
  oks::Preservation preservation_{};
  oks::LeftOut left_out_{};
  std::vector<double> steps_{}; ///< between frames [ns]
};

} // namespace deid::evaluate
