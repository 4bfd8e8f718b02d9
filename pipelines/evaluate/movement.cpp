#include "pipelines/evaluate/movement.hpp"
#include "elements/oksmeter/clinical/series.hpp"
#include "elements/oksmeter/pairing.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace deid::evaluate {

namespace {

/// Hands all frames to `take`, times counted from the first.
template <class Take> void play(posefile::Recording& recording, Take take) {
  std::optional<std::uint64_t> first;
  for (posefile::TimedPose& frame : recording.frames) {
    if (!frame.pts)
      throw std::invalid_argument("keypoints without times cannot be paired");
    first = first.value_or(*frame.pts);
    take(oks::Seen{static_cast<std::int64_t>(*frame.pts - *first), std::move(frame.pose), {}});
  }
}

} // namespace

void Movement::add(posefile::Recording original, posefile::Recording deidentified) {
  oks::Pairing pairing;
  std::optional<std::int64_t> before;
  play(original, [&](oks::Seen seen) {
    if (before)
      steps_.push_back(static_cast<double>(seen.time - *before));
    before = seen.time;
    pairing.original(std::move(seen));
  });
  pairing.end_original();
  play(deidentified, [&](oks::Seen seen) { pairing.deidentified(std::move(seen)); });
  pairing.end_deidentified();
  for (const oks::Couple& couple : pairing.take()) {
    const auto number = static_cast<std::int64_t>(evaluation_.counts().frames) + 1;
    std::vector<coco::Truth> truths;
    std::vector<coco::Detection> detections;
    if (couple.original)
      truths = oks::truths_of(couple.original->pose, number, rule_, left_out_);
    else
      ++left_out_.frames_only_deidentified;
    if (couple.deidentified)
      detections = oks::detections_of(couple.deidentified->pose, number, rule_, left_out_);
    else
      ++left_out_.frames_only_original;
    evaluation_.add(number, truths, detections);
    preservation_.add(truths, detections);
  }
}

oks::BootstrapRule Movement::block_rule() const {
  oks::BootstrapRule rule;
  const double step = clinical::median(steps_);
  if (step > 0)
    rule.block = static_cast<std::size_t>(std::max(1., std::round(1e9 / step)));
  return rule;
}

std::optional<oks::Intervals> Movement::intervals() const {
  if (preservation_.frames() == 0)
    return std::nullopt;
  return oks::bootstrap(evaluation_, preservation_, block_rule());
}

} // namespace deid::evaluate
