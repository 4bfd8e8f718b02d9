#pragma once
#include <filesystem>
#include <gst/gst.h>

namespace deid::cli {

/// Makes a filesrc hand out an MP4 or MOV file as if it had no edit lists and no length: qtdemux (GStreamer
/// 1.22) begins such a file at the next key frame, ends it where its head says, and loses the frames outside.
/// Which frames are shown is then the Timetable's to say. Nothing happens for other files. The file itself is
/// not changed. Requires: not started yet.
void hide_edit_lists(GstElement* filesrc, const std::filesystem::path& file);

} // namespace deid::cli
