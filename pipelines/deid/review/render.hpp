#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace deid::review {

/// Runs `deid run --from` in a child process. arguments: after the program's name. progress: [0..1], called
/// about five times a second; false stops the child, which then leaves no file. Throws Failure with the
/// child's last sentence when it fails.
void run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               const std::function<bool(double)>& progress);

/// Returns the share in a line of progress ("... 34 % ..."), or -1.
double share_in(const std::string& line);

} // namespace deid::review
