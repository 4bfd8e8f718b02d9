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

/// What `deid train` was asked to do. Unset optionals leave what suits the network.
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

/// Extracts the faces of both people, refuses what cannot be trained on, and runs the trainer. Returns its
/// exit status; throws Failure. Needs gst_init() and the plugin.
int train_model(const TrainOptions& options);

/// The arguments of the trainer for these options.
std::vector<std::string> trainer_arguments(const TrainOptions& options, const std::filesystem::path& program);

/// Where the work of a training is kept: beside the model, unless options say where.
std::filesystem::path work_folder(const TrainOptions& options);

} // namespace deid::cli
