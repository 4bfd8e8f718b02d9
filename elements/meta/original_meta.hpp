#pragma once
#include "elements/meta/original_face.hpp"
#include <gst/gst.h>

namespace deid {

/// Attaches it (our own GstMeta, "DeidOriginalMeta"); one that is there is replaced. It lives in memory only,
/// goes with the buffer and its whole copies (in another format, too), is wiped when it is freed, and is
/// dropped by any other transformation. Requires: writable buffer; throws std::invalid_argument otherwise.
void attach_originals(GstBuffer* buffer, OriginalFaces faces);

/// What the buffer carries, or nullptr. Owned by the buffer.
const OriginalFaces* find_originals(GstBuffer* buffer);

/// Wipes what a writable buffer carries, if anything.
void remove_originals(GstBuffer* buffer);

/// Registers the meta API and its implementation; safe to call often, from any thread.
void register_original_meta();

} // namespace deid
