#pragma once
#include "elements/facedetect/tracker.hpp"

namespace deid::facedetect {

/// Follows a face that was just found backwards into the pending frames (all but the last) and writes it
/// there as back-filled, until it is not seen any more, a new scene begins or another region already covers
/// it. Regions of the same id that were only held are replaced. Two more frames before the first sight are
/// covered as well: a face comes into view before a network sees it.
void backfill(Finder& finder, std::deque<PendingFrame>& pending, const Track& track, float threshold);

/// A face was lost in between: held regions of the track that backfill() did not replace are moved onto the
/// line between where it was lost and where it was found again.
void bridge(std::deque<PendingFrame>& pending, std::uint32_t id);

} // namespace deid::facedetect
