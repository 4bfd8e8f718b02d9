#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// What `deid evaluate` was asked to do.
struct EvaluateOptions {
  std::vector<std::filesystem::path> originals{}; ///< videos and folders of videos
  std::filesystem::path out{};
  std::vector<std::string> methods{"swap", "mask", "blur", "pixelate"}; ///< or "autoencoder:MODEL"
  std::string target{}, target_bank{};                                  ///< of swap and autoencoder
  std::vector<std::string>
      settings{};                 ///< "cover.NAME=VALUE" of swap and autoencoder, "facedetect.NAME=VALUE"
  std::string people{};           ///< a file of clip,person; "cluster"; "folder"
  int interval = 1;               ///< [frames] between two whose faces are described
  bool face = true;               ///< lids and mouth, too
  bool leaks = true;              ///< look for faces that left as they came
  bool include_originals = false; ///< pictures of the original stand in the report
  bool quiet = false, dry_run = false;
};

/// Adds the subcommand `evaluate`.
CLI::App* add_evaluate_options(CLI::App& app, EvaluateOptions& options);

/// The paper's experiment on these videos: every video under every method, each a unit with its own result
/// below options.out, then report.html, report.json and tables. Units that are done and still true are kept.
/// Returns the exit status (1 when a unit failed; the others are in the report); throws Failure.
int evaluate_videos(const EvaluateOptions& options);

} // namespace deid::cli
