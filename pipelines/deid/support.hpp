#pragma once
#include "pipelines/deid/doctor.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// Returns the text of a file for bug reports: versions, system, processor, elements, and for each finding
/// its subject and whether it is good. The text is made of words of this program, version numbers and names
/// of libraries alone. No path, user, computer or value of a variable is in it. Requires gst_init.
std::string support_text(const std::vector<Finding>& findings);

/// Writes support_text into a new file. Throws Failure, also when the file exists.
void write_support(const std::filesystem::path& file, const std::vector<Finding>& findings);

} // namespace deid::cli
