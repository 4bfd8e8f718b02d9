#pragma once
#include "elements/base/gst_ptr.hpp"
#include <gst/gst.h>

/// What travels beside the frames of a stream, and which part of that may go on: tags, chapters, events of
/// other people's elements, and metadata on buffers. Everything that is not known to be harmless is taken
/// out: the lists in scrub.cpp say what passes.
namespace deid::scrub {

using EventPtr = Ref<GstEvent>; ///< owns one reference

/// The comment of a video whose faces were replaced. The second part is IPTC's term. The text has no spaces:
/// matroskamux would write them escaped.
constexpr const char* synthetic_note =
    "SYNTHETIC-FACES:replaced-by-gst-deid/digitalSourceType:compositeSynthetic";

/// Returns what of the event may go on: the same event, a cleaned copy, or null when nothing may.
/// Any thread. Requires: event is not null.
EventPtr cleaned(EventPtr event);

/// Takes off the buffer all metadata but what a frame needs to be read and what our own elements tell each
/// other. Requires: the buffer is writable.
void clean(GstBuffer* buffer);

/// Whether the event holds tags of one stream (not of the whole file).
bool is_stream_tags(GstEvent* event);

/// A copy of such an event whose first comment is `note`; the other tags stay. Null makes an event of the
/// note alone. The note stands in it once.
EventPtr with_note(GstEvent* stream_tags, const char* note);

/// Whether one of the event's comments is `note`.
bool says(GstEvent* event, const char* note);

} // namespace deid::scrub
