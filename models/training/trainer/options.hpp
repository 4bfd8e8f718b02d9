#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace deid::training {

/// deid-train's options. An empty optional means the network's default.
struct Options {
  std::filesystem::path subject{}, target{}; ///< files of faces
  std::filesystem::path out{}, checkpoint{}, preview{}, passphrase_file{};
  std::string network = "light96";
  double hours = 0;
  std::int64_t iterations = 0;
  std::optional<int> batch{};
  std::optional<std::uint64_t> seed{};
  std::string precision = "bf16";
  int threads = 0; ///< 0: one per core
  std::string target_name{}, target_status{};
  bool resume = false, keep_both = false, quiet = false, precision_given = false;
};

/// Reads the command line. Returns an exit status, after printing the reason, when there is nothing to run:
/// help, or a wrong option.
std::optional<int> parse(int argc, const char* const* argv, Options& options);

} // namespace deid::training
