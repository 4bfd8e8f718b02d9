#pragma once
#include <filesystem>

namespace deid::cli {

/// Returns the folder of an unpacked archive that the program lies in, or an empty path. Such a folder has
/// the file share/gst-deid/portable, and brings GStreamer and its plug-ins along.
std::filesystem::path portable_folder(const std::filesystem::path& program);

/// In an unpacked archive: points GStreamer and Fontconfig at the parts that the archive brings, and at
/// nothing else. No cache of plug-ins is read or written. Elsewhere: changes nothing. Requires: before
/// gst_init, no other thread.
void use_own_parts();

} // namespace deid::cli
