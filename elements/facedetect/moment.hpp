#pragma once
#include "elements/facedetect/cadence.hpp"
#include "elements/facedetect/pending_frame.hpp"
#include "elements/facedetect/settings.hpp"

namespace deid::facedetect {

/// The frame in which faces are searched, and its circumstances. The references stay valid for one call of
/// the tracker.
struct Moment {
  const PendingFrame& frame;
  const Settings& settings;
  Step step{};         ///< from the previous frame
  bool sudden = false; ///< see SceneCutDetector::Change
};

} // namespace deid::facedetect
