#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid train`. An empty optional means the network's default.
struct TrainOptions {
  std::vector<std::filesystem::path> subject{}, target{}; ///< clips
  std::filesystem::path out{}, work{}, preview{}, passphrase_file{};
  std::string network = "light96", precision = "bf16", target_name{}, target_status{};
  double hours = 0;
  std::int64_t iterations = 0;
  std::optional<int> batch{};
  std::optional<std::uint64_t> seed{};
  int threads = 0, most = 3000;
  double coverage = 1;
  bool resume = false, restart = false, keep_both = false, overwrite = false, quiet = false,
       extract_only = false;
  bool consented = false, precision_given = false;
};

/// Adds the subcommand `train`.
CLI::App* add_train_options(CLI::App& app, TrainOptions& options);

} // namespace deid::cli
