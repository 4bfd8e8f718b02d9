#pragma once
#include "elements/audit/line.hpp"
#include "elements/cover/gstdeidcover.hpp"
#include "elements/meta/wish_meta.hpp"
#include <span>

namespace deid::cover {

/// Returns how a face is covered: as the element does it, or with one colour when a person asked for that.
Method method_for(const FaceRegion& face, Method method, const Wishes& wishes);

/// Takes the picture from the overlays of faces for which a person asked a cover. overlays: one per face, or
/// none.
void respect_wishes(const Plan& plan, const Wishes& wishes, std::span<Overlay> overlays);

/// Returns what becomes of one face of the plan. overlay: what the derived element draws over it; null:
/// nothing. Without a picture the treatment is that of the cover alone. Throws std::logic_error on an overlay
/// with a picture that does not say what it is. Thread: any.
audit::Outcome outcome_of(const PlannedFace& planned, Method method, const Overlay* overlay);

/// Returns the same as the audit tells it.
audit::Face audited(const PlannedFace& planned, const Style& style, const Overlay* overlay);

/// Records on the stamp what was done to each face of the plan, for meters downstream. overlays: one per
/// face, or none. Requires: writable buffer; throws as record_treatment() and outcome_of(). Streaming thread.
void record_treatments(GstBuffer* buffer, const Plan& plan, Method method, const Wishes& wishes,
                       std::span<const Overlay> overlays);

/// The same for a frame that was covered whole.
void record_cover(GstBuffer* buffer);

} // namespace deid::cover
