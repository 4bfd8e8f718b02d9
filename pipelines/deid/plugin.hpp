#pragma once
#include <filesystem>
#include <vector>

namespace deid::cli {

/// Places where libgstdeid.so is looked for, relative to this program: beside a build, or in an installed
/// prefix.
std::vector<std::filesystem::path> plugin_candidates(const std::filesystem::path& program);

/// The program that is running.
std::filesystem::path this_program();

/// The first candidate that exists, or an empty path.
std::filesystem::path find_plugin();

/// Loads that very file, so that no other plugin of the same name can stand in, and checks that the element
/// factories come from it. Throws Failure. Requires gst_init.
void load_plugin();

} // namespace deid::cli
