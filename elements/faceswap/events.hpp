#pragma once
#include "elements/faceswap/budget.hpp"
#include "elements/faceswap/swapper.hpp"

namespace deid::faceswap {

/// Posts an element message "deid-swap" {event, target, reason: string; face: uint; distance, geometry:
/// double; rank, strangers: int}, and a warning when no target suits a person. Nothing in them identifies the
/// person. Thread: any.
void post(GstElement* element, const SwapEvent& event, double least);

/// Returns the counters for `stats`, the summary and the audit. Distances are in thousandths; they are 0 when
/// no result was verified. The frames without a part of the swap are those in which the budget gave it up.
cover::MoreCounters more(const SwapCounters& counters, const Budget& budget);

} // namespace deid::faceswap
