#pragma once
#include <filesystem>
#include <gst/gst.h>

namespace deid::cli {

/// Makes a filesrc output an MP4 or MOV file as if it had no edit lists and no length. With them qtdemux
/// (GStreamer 1.22) begins at the next key frame, ends at the length in the head, and loses frames outside.
/// The Timetable then decides which frames are shown. Does nothing for other files. The file itself is not
/// changed. Requires: the element is not started yet.
void hide_edit_lists(GstElement* filesrc, const std::filesystem::path& file);

} // namespace deid::cli
