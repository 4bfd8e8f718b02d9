#pragma once
#include "elements/meta/original_face.hpp"
#include <gst/gst.h>

namespace deid {

/// Attaches the faces (our own GstMeta, "DeidOriginalMeta") and replaces older ones. They live in memory
/// only. Whole copies of the buffer keep them, also in another format; any other transformation drops them.
/// They are wiped when freed. Requires: writable buffer; throws std::invalid_argument otherwise.
void attach_originals(GstBuffer* buffer, OriginalFaces faces);

/// Returns the buffer's faces, or nullptr. The buffer owns them.
const OriginalFaces* find_originals(GstBuffer* buffer);

/// Removes and wipes a writable buffer's faces, if any.
void remove_originals(GstBuffer* buffer);

/// Registers the meta API and its implementation. Threads: any; repeated calls are safe.
void register_original_meta();

} // namespace deid
