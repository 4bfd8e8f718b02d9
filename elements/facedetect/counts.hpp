#pragma once
#include "elements/facedetect/pending_frame.hpp"
#include <cstdint>

namespace deid::facedetect {

/// Counts since the element started.
struct Counts {
  std::uint64_t frames = 0, frames_with_faces = 0, detected = 0, tracked = 0, held = 0, backfilled = 0,
                body = 0, sweeps = 0, cuts = 0, tracks = 0;
};

/// Counts the frame and its faces by origin. Requires: called once for each frame that leaves.
void count(Counts& counts, const PendingFrame& frame);

} // namespace deid::facedetect
