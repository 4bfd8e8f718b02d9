#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/failure.hpp"
#include <CLI/CLI.hpp>
#include <sstream>
#include <utility>

namespace deid::cli {
namespace {

constexpr const char* examples = R"(
Examples:
  deid run visit.mp4 -o visit.deid.mp4
  deid run visit.mp4 -o out.mp4 --method mask    black boxes; also blur, pixelate; --audit out.jsonl adds the audit
  deid run photo.jpg -o photo.deid.jpg           a picture stays a picture: JPEG, PNG, TIFF, WebP
  deid run recordings/ -o deidentified/          every video and picture below recordings/; finished ones are skipped
  deid run --camera /dev/video0 --preview        a live preview; -o FILE also records it; Ctrl-C ends the file
  deid run visit.mp4 -o out.mp4 --dry-run        print the gst-launch-1.0 line; nothing runs
  deid measure visit.mp4 visit.deid.mp4 --out figures/
  deid oks --gt original.json --dt deid.json     how well movement is preserved: OKS, AP, AR
  deid target --from portraits/ --out face.json  a target: a face that replaces others and shows no person
  deid train --subject visit.mp4 --target volunteer.mp4 --out visit.deidae --hours 1.5
  deid status deidentified/                      how far a batch is, and what failed
  deid slurm recordings/ -o deidentified/ --time 4:00:00   an array job for a cluster
  deid evaluate recordings/ --out evaluation/    how well people are hidden and movement is preserved
  deid review visit.mp4 visit.deid.mp4 --moments what a person should look at; --check, --list (docs/review-files.md)
  deid doctor                                    what is missing, and the command that installs it)";

/// The subcommands beside run, in the order of the help. CLI11 owns them.
struct Subcommands {
  const CLI::App *doctor, *oks, *measure, *target, *train, *evaluate, *status, *slurm, *review;

  /// Requires: the command line was parsed.
  [[nodiscard]] Command chosen() const {
    const std::pair<const CLI::App*, Command> all[]{
        {doctor, Command::doctor}, {oks, Command::oks},     {measure, Command::measure},
        {target, Command::target}, {train, Command::train}, {evaluate, Command::evaluate},
        {status, Command::status}, {slurm, Command::slurm}, {review, Command::review}};
    for (const auto& [app, command] : all)
      if (app->parsed())
        return command;
    return Command::run;
  }
};

Subcommands add_subcommands(CLI::App& app, Parsed& result) {
  add_run_options(app, result.run)->footer(examples);
  CLI::App* doctor = app.add_subcommand(
      "doctor", "Check the installation; print what is missing and the command that installs it");
  doctor->add_option("--support", result.support,
                     "Also write a file for bug reports: versions and findings, without paths and names");
  return {.doctor = doctor,
          .oks = add_oks_options(app, result.oks),
          .measure = add_measure_options(app, result.measure),
          .target = add_target_options(app, result.target),
          .train = add_train_options(app, result.train),
          .evaluate = add_evaluate_options(app, result.evaluate),
          .status = add_status_options(app, result.status),
          .slurm = add_slurm_options(app, result.slurm),
          .review = add_review_options(app, result.review)};
}

Parsed refused(const Failure& e) {
  Parsed result;
  result.text = std::string(e.what()) + "\nRun with --help for more information.\n";
  result.exit_code = e.code();
  return result;
}

Parsed parsed_text(const CLI::App& app, const CLI::ParseError& e) {
  std::ostringstream out, err;
  const int code = app.exit(e, out, err);
  Parsed result;
  result.text = out.str() + err.str();
  result.exit_code = code == 0 ? exit_ok : exit_usage;
  return result;
}

} // namespace

Parsed parse_options(int argc, const char* const* argv) {
  Parsed result;
  CLI::App app{"deid: covers or replaces the faces in videos and pictures", "deid"};
  app.set_version_flag("--version", std::string("deid " DEID_VERSION));
  app.require_subcommand(1);
  app.footer(examples);
  const Subcommands subcommands = add_subcommands(app, result);
  try {
    app.parse(argc, argv);
    result.command = subcommands.chosen();
    if (result.command == Command::run)
      finish_run_options(result.run);
    if (result.command == Command::slurm)
      finish_slurm_options(result.slurm, {argv + 2, argv + argc});
  } catch (const CLI::ParseError& e) {
    return parsed_text(app, e);
  } catch (const Failure& e) {
    return refused(e);
  }
  return result;
}

} // namespace deid::cli
