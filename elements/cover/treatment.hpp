#pragma once
#include "elements/cover/gstdeidcover.hpp"
#include <span>

namespace deid::cover {

/// Says on the stamp what became of each face of the plan, for meters that come behind. overlays: one for
/// each face, or none. Requires: writable buffer.
void record_treatments(GstBuffer* buffer, const Plan& plan, Method method, std::span<const Overlay> overlays);

/// The same when the whole frame was covered.
void record_cover(GstBuffer* buffer);

} // namespace deid::cover
