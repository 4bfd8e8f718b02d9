#pragma once
#include <filesystem>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid review`.
struct ReviewOptions {
  std::vector<std::filesystem::path> files{}; ///< original and result
  std::filesystem::path audit{};              ///< empty: beside the result
  std::filesystem::path check{}, list{};
  bool moments = false, second = false, json = false, no_look = false, quiet = false;
};

/// Adds the subcommand `review`.
CLI::App* add_review_options(CLI::App& app, ReviewOptions& options);

} // namespace deid::cli
