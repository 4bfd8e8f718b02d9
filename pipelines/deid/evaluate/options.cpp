#include "pipelines/deid/evaluate/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* evaluate_help = R"(
FOLDER gets report.html (one file; it shows original pictures only with --include-originals), report.json and tables as
.csv. FOLDER/raw/ gets the data behind the figures: keypoints, descriptors, audits. Raw data can identify patients; keep
them as you keep the videos. To continue an interrupted evaluation, give the same command again.

Examples:
  deid evaluate visits/ --out evaluation/
  deid evaluate a.mp4 b.mp4 --methods swap,mask --people who.csv --out evaluation/)";

} // namespace

CLI::App* add_evaluate_options(CLI::App& app, EvaluateOptions& o) {
  CLI::App* evaluate = app.add_subcommand(
      "evaluate", "Evaluate methods on videos: who is recognised, and how well movement is preserved");
  evaluate->add_option("originals", o.originals, "Video files or directories, not de-identified")->required();
  evaluate->add_option("--out,-o", o.out, "Folder of the results")->required()->type_name("FOLDER");
  evaluate
      ->add_option("--methods", o.methods,
                   "Methods to compare: swap, mask, blur, pixelate, autoencoder:MODEL")
      ->delimiter(',')
      ->capture_default_str();
  evaluate->add_option("--target", o.target,
                       "For swap: a target file (see deid target), or several, A:B, one per person. For "
                       "autoencoder: targets of people without a model");
  evaluate->add_option("--target-bank", o.target_bank, "A folder of target files instead of --target");
  evaluate->add_option("--subjects", o.subjects,
                       "For swap: the study's book (see deid run); the subject must stand in it already");
  evaluate->add_option("--subject", o.subject, "For --subjects: the id of the person in the videos");
  evaluate
      ->add_option("--set", o.settings,
                   "A property: cover.NAME=VALUE of swap and autoencoder, or facedetect.NAME=VALUE")
      ->type_name("ELEMENT.PROPERTY=VALUE")
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  evaluate
      ->add_option("--people", o.people,
                   "People across videos: a file of lines clip,person[,face id]; folder: one person per "
                   "folder; cluster (default): grouped by the originals' faces")
      ->type_name("FILE|cluster|folder");
  evaluate
      ->add_option("--interval", o.interval,
                   "Describe the faces of every n-th frame; 0: of about ten frames a second")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  evaluate->add_flag("!--no-face", o.face, "Leave out eyes and mouth");
  evaluate->add_flag("!--no-leaks", o.leaks, "Do not search the results for faces that left unchanged");
  evaluate->add_flag("--include-originals", o.include_originals,
                     "THE REPORT THEN SHOWS ORIGINAL FACES; it must not be passed on");
  evaluate->add_flag("--quiet,-q", o.quiet, "Only errors");
  evaluate->add_flag("--dry-run", o.dry_run, "Print the gst-launch-1.0 lines and do nothing");
  evaluate->footer(evaluate_help);
  return evaluate;
}

} // namespace deid::cli
