#include "pipelines/deid/status/options.hpp"
#include <CLI/CLI.hpp>

namespace deid::cli {

namespace {

constexpr const char* status_help = R"(
Exit status: 0 all results are done; 1 a file failed, or a result was changed or removed; 3 not finished yet.

Examples:
  deid status deidentified/
  deid status deidentified/ --report report.json
  deid status deidentified/ --sqlite batch.sqlite --audits audits/     one row a video, one a moment (docs/archive.md))";

} // namespace

CLI::App* add_status_options(CLI::App& app, StatusOptions& o) {
  CLI::App* status = app.add_subcommand("status", "How far a batch is, and what failed");
  status->add_option("out", o.out, "Folder of the results: what deid run got as -o")
      ->required()
      ->type_name("FOLDER");
  status->add_flag("--all", o.all,
                   "A row for each result; without this option results that are done have none");
  status->add_flag("--json", o.json, "Print JSON instead of the table");
  status->add_option("--report", o.report, "Write the JSON into this file, too");
  status->add_option("--sqlite", o.sqlite, "Write the batch into this SQLite database");
  status->add_option("--audits", o.audits, "For --sqlite: what deid run got as --audit")->type_name("FOLDER");
  status->add_flag("--content", o.content, "Read every result and compare it with its hash (slow)");
  status
      ->add_option("--stale-after", o.stale_after,
                   "Seconds without a sign of life, after which a process counts as dead")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  status->add_flag("--overwrite", o.overwrite, "Replace a report or a database that exists");
  status->add_flag("--quiet,-q", o.quiet, "Print nothing; the exit status remains");
  status->footer(status_help);
  return status;
}

} // namespace deid::cli
