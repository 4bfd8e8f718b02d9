#pragma once
#include <filesystem>
#include <vector>

namespace deid::cli {

/// Returns places where libgstdeid.so may be, relative to this program: in a build, or in an installed
/// prefix.
std::vector<std::filesystem::path> plugin_candidates(const std::filesystem::path& program);

/// Whether an element can be made. Requires gst_init.
bool installed(const char* factory);

/// Returns the path of the running program.
std::filesystem::path this_program();

/// Returns the first candidate that exists, or an empty path.
std::filesystem::path find_plugin();

/// Loads exactly this file, so that no other plugin of the same name can replace it, and checks that the
/// element factories come from it. Throws Failure. Requires gst_init.
void load_plugin();

} // namespace deid::cli
