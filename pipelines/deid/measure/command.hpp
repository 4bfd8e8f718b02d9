#pragma once
#include "pipelines/deid/media/source.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// What `deid measure` was asked to do.
struct MeasureOptions {
  std::filesystem::path original{}, deidentified{}, out{};
  std::string scale = "keypoint-box", primary = "all";
  double scale_px = 100; ///< [px], with scale fixed
  int max_people = 0;    ///< 0: posedetect's own
  bool hands = false;    ///< 21 points a hand as well
  bool face = true;      ///< 468 points of the face, for blinks and the mouth
  bool overwrite = false, quiet = false, dry_run = false;
};

/// Adds the subcommand `measure`.
CLI::App* add_measure_options(CLI::App& app, MeasureOptions& options);

/// The arguments of gst-launch-1.0; reports and keypoints go into `folder`.
std::vector<std::string> measure_graph(const MeasureOptions& options, const Source& original,
                                       const Source& deidentified, const std::filesystem::path& folder);

/// Plays both videos through posedetect into oksmeter. Writes report.json, movement.csv, original.jsonl and
/// deidentified.jsonl into options.out, all or none. Returns the exit status; throws Failure.
int measure_videos(const MeasureOptions& options);

} // namespace deid::cli
