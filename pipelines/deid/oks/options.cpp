#include "pipelines/deid/oks/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* oks_help = R"(
Files: COCO's ground truth and results (scored exactly as pycocotools 2.0.11 does), OpenPose's JSON (a file, or a
folder with one file per frame), or JSON lines of posedetect. The two kinds may differ. Two COCO files are paired by
image, all others by time when both have times, otherwise by frame number.

Examples:
  deid oks --gt person_keypoints.json --dt results.json
  deid oks --gt original.jsonl --dt deidentified.jsonl --bootstrap-block 50 --primary largest
  deid oks --gt openpose-original/ --dt openpose-deidentified/ --scale torso --json)";

} // namespace

CLI::App* add_oks_options(CLI::App& app, OksOptions& o) {
  CLI::App* oks = app.add_subcommand("oks", "Score keypoints against those of the original: OKS, AP and AR");
  oks->add_option("--gt", o.truth, "Keypoints of the original")->required()->type_name("FILE");
  oks->add_option("--dt", o.detections, "Keypoints of the de-identified video")
      ->required()
      ->type_name("FILE");
  oks->add_option("--scale", o.scale,
                  "Measure of a person's size (default: the ground truth's area, else keypoint-box)")
      ->check(CLI::IsMember({"keypoint-box", "box-0.53", "fixed", "torso"}));
  oks->add_option("--scale-px", o.scale_px, "The size s of --scale fixed [px]")->check(CLI::Range(1e-3, 1e6));
  oks->add_option("--min-score", o.min_score,
                  "Points with this score or less count as absent (not for two COCO files)")
      ->check(CLI::Range(0.0, 1.0));
  oks->add_option("--primary", o.primary,
                  "Score one person only: largest, or an id of the original (not with COCO's ground truth)")
      ->type_name("WHO");
  oks->add_option("--bootstrap-block", o.block,
                  "Compute 95 % intervals with blocks of this many frames (use 1 to 2 s of video)")
      ->check(CLI::Range(1, 1000000));
  oks->add_option("--bootstrap-resamples", o.resamples, "How many")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  oks->add_option("--bootstrap-seed", o.seed, "The same seed gives the same intervals")
      ->capture_default_str();
  oks->add_flag("--json", o.json, "Everything as one line of JSON, with every OKS and every match");
  oks->footer(oks_help);
  return oks;
}

} // namespace deid::cli
