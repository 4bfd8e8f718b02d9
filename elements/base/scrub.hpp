#pragma once
#include "elements/base/gst_ptr.hpp"
#include <gst/gst.h>

/// Tags, chapters, events of other elements, and metadata on buffers travel beside the frames of a stream.
/// Only what the lists in scrub.cpp name as harmless passes; everything else is removed.
namespace deid::scrub {

using EventPtr = Ref<GstEvent>; ///< owns one reference

/// The comment of a video whose faces were replaced. Its second part is IPTC's term. The text has no spaces,
/// because matroskamux would escape them.
constexpr const char* synthetic_note =
    "SYNTHETIC-FACES:replaced-by-gst-deid/digitalSourceType:compositeSynthetic";

/// Returns the part of the event that may pass: the same event, a cleaned copy, or null. Requires: event is
/// not null. Threads: any.
EventPtr cleaned(EventPtr event);

/// Removes all metadata from the buffer except what is needed to read a frame and what our own elements
/// exchange. Requires: the buffer is writable.
void clean(GstBuffer* buffer);

/// Whether the event holds tags of one stream, not of the whole file.
bool is_stream_tags(GstEvent* event);

/// Returns a copy of the event whose first comment is `note`; the other tags stay, and the note occurs once.
/// Null gives an event with the note alone.
EventPtr with_note(GstEvent* stream_tags, const char* note);

/// Whether one of the event's comments is `note`.
bool says(GstEvent* event, const char* note);

} // namespace deid::scrub
