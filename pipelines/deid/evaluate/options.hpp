#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid evaluate`.
struct EvaluateOptions {
  std::vector<std::filesystem::path> originals{}; ///< videos and folders of videos
  std::filesystem::path out{};
  std::vector<std::string> methods{"swap", "mask", "blur", "pixelate"}; ///< or "autoencoder:MODEL"
  std::string target{}, target_bank{};                                  ///< of swap and autoencoder
  std::vector<std::string>
      settings{};                   ///< "cover.NAME=VALUE" of swap and autoencoder, "facedetect.NAME=VALUE"
  std::filesystem::path subjects{}; ///< the study's book of subjects; empty: none
  std::string subject{};            ///< who is in the videos
  std::string people{};             ///< a file of clip,person; "cluster"; "folder"
  int interval = 0;                 ///< [frames] from one described frame to the next; 0: about .1 s
  bool face = true;                 ///< measure lids and mouth, too
  bool leaks = true;                ///< search for faces that left unchanged
  bool include_originals = false;   ///< include pictures of the original in the report
  bool quiet = false, dry_run = false;
};

/// Adds the subcommand `evaluate`.
CLI::App* add_evaluate_options(CLI::App& app, EvaluateOptions& options);

} // namespace deid::cli
