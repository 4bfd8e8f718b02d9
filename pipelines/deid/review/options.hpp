#pragma once
#include <filesystem>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid review`.
struct ReviewOptions {
  std::vector<std::filesystem::path>
      files{};                   ///< original and result, or a folder of each, or the folder of results alone
  std::filesystem::path audit{}; ///< empty: beside the result
  std::filesystem::path check{}, list{};
  bool moments = false, second = false, json = false, no_look = false, quiet = false;
  bool no_original = false, no_browser = false; ///< of the page
};

/// Adds the subcommand `review`.
CLI::App* add_review_options(CLI::App& app, ReviewOptions& options);

} // namespace deid::cli
