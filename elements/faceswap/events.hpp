#pragma once
#include "elements/faceswap/swapper.hpp"

namespace deid::faceswap {

/// Tells the bus: an element message "deid-swap" {event, target, reason: string; face: uint; distance,
/// geometry: double; rank, strangers: int}, and a warning when nobody suits a person. Nothing in them
/// identifies the person.
void post(GstElement* element, const SwapEvent& event, double least);

/// For `stats`, the summary and the audit. Distances are in thousandths; 0 when nothing was verified.
cover::MoreCounters more(const SwapCounters& counters);

} // namespace deid::faceswap
