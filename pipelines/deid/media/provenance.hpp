#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// What a picture or video file of any format says about how it was made: a C2PA manifest (JUMBF in JPEG and
/// others, the uuid box of MP4), a link to one, and IPTC's digital source type (in XMP, C2PA or our own
/// note). Sorted, each once; of IPTC only terms of its vocabulary are quoted, because anything else could be
/// a name. Reads the whole file. Throws Failure when the file cannot be read.
std::vector<std::string> provenance_marks(const std::filesystem::path& file);

} // namespace deid::cli
