#pragma once
#include "elements/cover/gstdeidcover.hpp"
#include <span>

namespace deid::cover {

/// Records on the stamp what was done to each face of the plan, for meters downstream. overlays: one per
/// face, or none. Requires: writable buffer.
void record_treatments(GstBuffer* buffer, const Plan& plan, Method method, std::span<const Overlay> overlays);

/// The same for a frame that was covered whole.
void record_cover(GstBuffer* buffer);

} // namespace deid::cover
