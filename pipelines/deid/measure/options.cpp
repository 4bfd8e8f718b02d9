#include "pipelines/deid/measure/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* measure_help = R"(
Both videos go through posedetect; frames are paired by their time. FOLDER gets report.json (OKS, AP, AR with counts
and intervals, angles, tremor, tapping, gait, completeness), movement.csv, and the keypoints of both videos.

Examples:
  deid measure visit.mp4 visit.deid.mp4 --out figures/
  deid measure visit.mp4 visit.deid.mp4 --out figures/ --hands --primary largest)";

} // namespace

CLI::App* add_measure_options(CLI::App& app, MeasureOptions& o) {
  CLI::App* measure = app.add_subcommand("measure", "Measure what changed between two videos, or two scans");
  measure->add_option("original", o.original, "The original video or scan")->required();
  measure->add_option("deidentified", o.deidentified, "The de-identified one, made by any program")
      ->required();
  measure->add_option("--out,-o", o.out, "Folder of the results")->required()->type_name("FOLDER");
  measure->add_option("--scale", o.scale, "Measure of a person's size")
      ->check(CLI::IsMember({"keypoint-box", "box-0.53", "fixed", "torso"}))
      ->capture_default_str();
  measure->add_option("--scale-px", o.scale_px, "The size s of --scale fixed [px]")
      ->check(CLI::Range(1e-3, 1e6));
  measure->add_option("--primary", o.primary, "People to score: all, largest, or an id")
      ->capture_default_str();
  measure->add_option("--max-people", o.max_people, "People followed in a frame")->check(CLI::Range(1, 32));
  measure->add_flag("--hands", o.hands, "21 points of each hand as well (tapping, tremor of the fingers)");
  measure->add_flag("!--no-face", o.face, "Leave out eyes and mouth");
  measure->add_flag("--show-original", o.show_original,
                    "Scans: the page shows the original head, too. IT SHOWS THE PERSON; never pass it on");
  measure->add_flag("--overwrite", o.overwrite, "Replace results that exist");
  measure->add_flag("--quiet,-q", o.quiet, "Only errors");
  measure->add_flag("--dry-run", o.dry_run, "Print the gst-launch-1.0 line and do nothing");
  measure->footer(measure_help);
  return measure;
}

} // namespace deid::cli
