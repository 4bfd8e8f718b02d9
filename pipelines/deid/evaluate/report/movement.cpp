#include "pipelines/deid/evaluate/report/movement.hpp"
#include "elements/measures/coco/pairing.hpp"
#include "elements/measures/kinematics/series.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace deid::evaluate {

namespace {

/// Passes all frames to `take`, with times counted from the first.
template <class Take> void play(keypoint_files::Recording& recording, Take take) {
  std::optional<std::uint64_t> first;
  for (keypoint_files::TimedPose& frame : recording.frames) {
    if (!frame.pts)
      throw std::invalid_argument("keypoints without times cannot be paired");
    first = first.value_or(*frame.pts);
    take(coco::Seen{static_cast<std::int64_t>(*frame.pts - *first), std::move(frame.pose), {}});
  }
}

} // namespace

void Movement::add(keypoint_files::Recording original, keypoint_files::Recording deidentified) {
  coco::Pairing pairing;
  std::optional<std::int64_t> before;
  play(original, [&](coco::Seen seen) {
    if (before)
      steps_.push_back(static_cast<double>(seen.time - *before));
    before = seen.time;
    pairing.original(std::move(seen));
  });
  pairing.end_original();
  play(deidentified, [&](coco::Seen seen) { pairing.deidentified(std::move(seen)); });
  pairing.end_deidentified();
  for (const coco::FramePair& pair : pairing.take()) {
    const auto number = static_cast<std::int64_t>(evaluation_.counts().frames) + 1;
    std::vector<coco::Truth> truths;
    std::vector<coco::Detection> detections;
    if (pair.original)
      truths = coco::truths_of(pair.original->pose, number, rule_, left_out_);
    else
      ++left_out_.frames_only_deidentified;
    if (pair.deidentified)
      detections = coco::detections_of(pair.deidentified->pose, number, rule_, left_out_);
    else
      ++left_out_.frames_only_original;
    evaluation_.add(number, truths, detections);
    preservation_.add(truths, detections);
  }
}

coco::BootstrapRule Movement::block_rule() const {
  coco::BootstrapRule rule;
  const double step = statistics::median(steps_);
  if (step > 0)
    rule.block = static_cast<std::size_t>(std::max(1., std::round(1e9 / step)));
  return rule;
}

std::optional<coco::Intervals> Movement::intervals() const {
  if (preservation_.frames() == 0)
    return std::nullopt;
  return coco::bootstrap(evaluation_, preservation_, block_rule());
}

} // namespace deid::evaluate
