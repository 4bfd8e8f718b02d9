#include "pipelines/deid/evaluate/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* help = R"(
FOLDER gets report.html (one file; shows no original picture unless --include-originals), report.json, tables as .csv,
and below raw/ what the figures were made from: keypoints, descriptors, audits. Raw data can name patients; keep them as
you keep the videos. An interrupted evaluation goes on where it was when the same command is given again.

Examples:
  deid evaluate visits/ --out evaluation/
  deid evaluate a.mp4 b.mp4 --methods swap,mask --people who.csv --out evaluation/)";

} // namespace

CLI::App* add_evaluate_options(CLI::App& app, EvaluateOptions& o) {
  CLI::App* evaluate =
      app.add_subcommand("evaluate", "The whole experiment: who is still found, what of movement is left");
  evaluate->add_option("originals", o.originals, "Video files or directories, not de-identified")->required();
  evaluate->add_option("--out,-o", o.out, "Folder of the results")->required()->type_name("FOLDER");
  evaluate
      ->add_option("--methods", o.methods, "What is compared: swap, mask, blur, pixelate, autoencoder:MODEL")
      ->delimiter(',')
      ->capture_default_str();
  evaluate->add_option("--target", o.target,
                       "Of swap: a target file (see deid target); several: one each, A:B. Of autoencoder: "
                       "for those whom the model is not for");
  evaluate->add_option("--target-bank", o.target_bank, "The same: a folder of target files");
  evaluate
      ->add_option("--set", o.settings,
                   "A property: cover.NAME=VALUE of swap and autoencoder, or facedetect.NAME=VALUE")
      ->type_name("ELEMENT.PROPERTY=VALUE")
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  evaluate
      ->add_option(
          "--people", o.people,
          "Who is who across videos: a file of lines clip,person[,face id]; folder: one person a folder; "
          "cluster (default): by the originals' faces")
      ->type_name("FILE|cluster|folder");
  evaluate->add_option("--interval", o.interval, "Frames between two whose faces are described")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  evaluate->add_flag("!--no-face", o.face, "Leave out eyes and mouth");
  evaluate->add_flag("!--no-leaks", o.leaks, "Leave out the second look for faces that left as they came");
  evaluate->add_flag("--include-originals", o.include_originals,
                     "THE REPORT THEN SHOWS ORIGINAL FACES; it must not be passed on");
  evaluate->add_flag("--quiet,-q", o.quiet, "Only errors");
  evaluate->add_flag("--dry-run", o.dry_run, "Print the gst-launch-1.0 lines and do nothing");
  evaluate->footer(help);
  return evaluate;
}

} // namespace deid::cli
