#pragma once
#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid measure`.
struct MeasureOptions {
  std::filesystem::path original{}, deidentified{}, out{};
  std::string scale = "keypoint-box", primary = "all";
  double scale_px = 100;      ///< [px], with scale fixed
  int max_people = 0;         ///< 0: posedetect's default
  bool hands = false;         ///< 21 points per hand, too
  bool face = true;           ///< 468 points of the face, too, for blinks and the mouth
  bool show_original = false; ///< of scans: the page shows the original, too
  bool overwrite = false, quiet = false, dry_run = false;
};

/// Adds the subcommand `measure`.
CLI::App* add_measure_options(CLI::App& app, MeasureOptions& options);

} // namespace deid::cli
