#pragma once
#include "models/faceres/limit.hpp"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid target`.
struct TargetOptions {
  std::filesystem::path from{};    ///< folder of portraits
  std::filesystem::path photo{};   ///< or one photo
  std::filesystem::path recipes{}; ///< file of many composites; `out` is a folder then
  std::filesystem::path out{};
  std::filesystem::path picture{}; ///< also written as a picture (PPM)
  std::string name{}, status{};
  std::string sex{};                                             ///< "woman", "man"; empty: what FaceRes sees
  std::optional<double> age{};                                   ///< [years]; nothing: what FaceRes sees
  std::vector<std::string> shape{}, texture{}, detail{}, tone{}; ///< "FILE=WEIGHT"
  std::vector<std::string> proportion{};                         ///< "NAME=NUMBER"
  std::vector<std::string> glasses{}, fringe{};                  ///< names of files
  std::vector<std::filesystem::path> apart{};  ///< further target files that the result must be far from
  double second_least = models::faceres_limit; ///< distance to all that the second recogniser must see
  double sharpen = .5;
  int tries = 0;          ///< number of mixtures to choose from; 0: the weights above
  std::uint64_t seed = 1; ///< of those tries
  bool refine = false;    ///< search only near the given weights
  bool consented = false, force = false, json = false, overwrite = false;
};

/// Adds the subcommand `target`.
CLI::App* add_target_options(CLI::App& app, TargetOptions& options);

} // namespace deid::cli
