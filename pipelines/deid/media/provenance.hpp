#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// Returns the statements of a picture or video file about its making: a C2PA manifest (JUMBF in JPEG and
/// others, the uuid box of MP4), a link to one, and IPTC's digital source type (in XMP, C2PA or our own
/// note). Sorted, without duplicates. Only terms of IPTC's vocabulary are quoted, because other text could be
/// a name. Reads the whole file. Throws Failure when the file cannot be read.
std::vector<std::string> provenance_marks(const std::filesystem::path& file);

} // namespace deid::cli
