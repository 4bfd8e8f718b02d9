#pragma once
#include <filesystem>

namespace deid::cli {

/// Whether the file is shorter than its own structure says: a box of an MP4 or MOV, the RIFF of an AVI, or
/// the segment of a Matroska or WebM file ends behind the end of the file, or an MPEG transport or program
/// stream ends within a packet. False for anything else. Never throws.
bool is_cut_off(const std::filesystem::path& file);

} // namespace deid::cli
