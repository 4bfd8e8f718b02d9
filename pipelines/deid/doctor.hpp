#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace deid::cli {

/// The result of one check.
struct Finding {
  bool good = true;
  bool essential = true; ///< without it nothing can be de-identified
  std::string subject{}; ///< words of this program and names of libraries only: no path, no name
  std::string what{};    ///< one line
  std::string mend{};    ///< the command that mends it
};

/// A stock element and the package that contains it.
struct Need {
  const char* element;
  const char* package; ///< Debian's
  bool essential;
  const char* use;
};
const std::vector<Need>& needs();

/// Checks GStreamer, its elements, our plugin, the engine, the weights, and names that other plugins may have
/// taken. Requires gst_init.
std::vector<Finding> examine();

/// Prints the findings on stdout; returns the exit status: 1 when something essential is wrong. `support`: a
/// new file for bug reports, see support.hpp; empty: none. Throws Failure when the file cannot be written.
int doctor(const std::filesystem::path& support);

} // namespace deid::cli
