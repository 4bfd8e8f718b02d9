#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid oks`.
struct OksOptions {
  std::filesystem::path truth{}, detections{};
  std::string scale{};                  ///< empty: the ground truth's area
  double scale_px = 0;                  ///< [px], with --scale fixed
  std::optional<std::string> primary{}; ///< "largest" or an id
  float min_score = 0;                  ///< [0..1)
  std::size_t block = 0;                ///< [frames] of the bootstrap; 0: no intervals
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;
  bool json = false;
};

/// Adds the subcommand `oks`.
CLI::App* add_oks_options(CLI::App& app, OksOptions& options);

} // namespace deid::cli
