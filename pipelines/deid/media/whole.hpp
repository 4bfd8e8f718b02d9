#pragma once
#include <filesystem>

namespace deid::cli {

/// Whether the file is shorter than its own structure: a box of an MP4 or MOV, the RIFF of an AVI, or the
/// segment of a Matroska or WebM file ends beyond the file (or is missing or without a length), or an MPEG
/// transport or program stream ends within a packet. False for anything else. Never throws.
bool is_cut_off(const std::filesystem::path& file);

} // namespace deid::cli
