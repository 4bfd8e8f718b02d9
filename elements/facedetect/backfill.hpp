#pragma once
#include "elements/facedetect/tracker.hpp"

namespace deid::facedetect {

/// Follows a face that was just found backwards into the pending frames (all but the last) and writes it
/// there as back-filled, until it is not seen any more, a new scene begins or another region already covers
/// it. Regions of the same id that were only held are replaced; one that was held elsewhere stays, as
/// `apart`, an id that no region of these frames has. Two more frames before the first sight are covered as
/// well: a face comes into view before a network sees it.
void backfill(Finder& finder, std::deque<PendingFrame>& pending, const Track& track, float threshold,
              std::uint32_t apart);

/// A face was lost in between: held regions of the track that backfill() did not replace are moved onto the
/// line between where it was lost and where it was found again. What was held far from that line stays
/// covered, as a region of the id `apart`.
void bridge(std::deque<PendingFrame>& pending, std::uint32_t id, std::uint32_t apart);

} // namespace deid::facedetect
