#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace deid::archive {

/// One row of a manifest.
struct Row {
  std::filesystem::path input{};  ///< absolute, or below the manifest's folder and already joined with it
  std::filesystem::path output{}; ///< below OUT
  std::string method{};           ///< empty: the command line's
  std::string options{};          ///< as on a command line; empty: none
  std::string subject{};          ///< id of the person in the file; empty: the command line's
  unsigned line = 0;              ///< in the file
};

/// Reads a CSV file with the columns input, output, method, options and subject; the first two must be there,
/// in any order. Throws cli::Failure(exit_usage) that names the line: a wrong column, an empty input, an
/// output that is absolute, leaves OUT or lies in its records.
std::vector<Row> read_manifest(const std::filesystem::path& file);

} // namespace deid::archive
