#pragma once
#include <filesystem>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid status`.
struct StatusOptions {
  std::filesystem::path out{};    ///< folder of a batch
  std::filesystem::path report{}; ///< JSON file; empty: none
  std::filesystem::path sqlite{}; ///< database; empty: none
  std::filesystem::path audits{}; ///< folder of the audits, for the database
  bool all = false, json = false, content = false, overwrite = false, quiet = false;
  int stale_after = 180; ///< [s], as of deid run
};

/// Adds the subcommand `status`.
CLI::App* add_status_options(CLI::App& app, StatusOptions& options);

} // namespace deid::cli
