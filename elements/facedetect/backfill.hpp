#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/pending_frame.hpp"
#include "elements/facedetect/track.hpp"
#include <cstdint>
#include <deque>

namespace deid::facedetect {

/// Back-fills a face that was just found: follows it backwards through the pending frames (all but the last)
/// and writes regions of origin backfilled. It ends where the face is no longer found, where a scene begins,
/// or where another region already covers the face. It replaces held regions of the same id. A held region at
/// another place stays, under the id `apart`. Two more frames before the first detection are covered, too,
/// because a face appears before a network detects it.
/// Requires: `track` was detected in pending.back(); no region of these frames has the id `apart`. threshold:
/// least score [0..1]. Throws models::ModelError.
void backfill(Finder& finder, std::deque<PendingFrame>& pending, const Track& track, float threshold,
              std::uint32_t apart);

/// Interpolates the regions of a track in the frames between its loss and its next detection, where
/// backfill() did not reach. An overlapping held region is covered, too. A held region elsewhere stays, under
/// the id `apart`.
void bridge(std::deque<PendingFrame>& pending, std::uint32_t id, std::uint32_t apart);

} // namespace deid::facedetect
