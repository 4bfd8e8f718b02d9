#include "pipelines/deid/review/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

CLI::App* add_review_options(CLI::App& app, ReviewOptions& o) {
  CLI::App* review = app.add_subcommand("review", "Look at a result, correct it, and sign");
  review->add_option("files", o.files, "The original video and its result; or folders of them");
  review->add_option("--audit", o.audit, "The audit of the run (default: beside the result)")
      ->check(CLI::ExistingFile);
  review->add_flag("--no-original", o.no_original, "The page never shows a picture of the original");
  review->add_flag("--no-browser", o.no_browser,
                   "Do not open a browser; the page's address is printed in any case");
  review->add_flag("--moments", o.moments, "Print what a person should look at, worst first, as JSON");
  review->add_flag("--no-look", o.no_look,
                   "Without the second look at the result, which takes about as long as the video plays");
  review
      ->add_option("--check", o.check,
                   "A record (.record.json), or a folder of them: whether it is true to the videos")
      ->check(CLI::ExistingPath);
  review
      ->add_option("--list", o.list,
                   "A folder of results with audits: which are open, done, or wait for a second reader")
      ->check(CLI::ExistingDirectory);
  review->add_flag("--second-reader", o.second, "For --list: two people sign each video");
  review->add_flag("--json", o.json, "For --list and --check: print JSON");
  review->add_flag("--quiet,-q", o.quiet, "Only errors");
  return review;
}

} // namespace deid::cli
