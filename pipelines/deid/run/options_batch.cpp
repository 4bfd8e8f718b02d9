#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/options.hpp"
#include <CLI/CLI.hpp>
#include <map>
#include <utility>
#include <vector>

namespace deid::cli {
namespace {

const std::map<std::string, Only> choices{
    {"open", Only::open}, {"new", Only::fresh}, {"failed", Only::failed}};

/// Name and value of each option that the pictures of a result depend on.
std::vector<std::pair<std::string, std::string>> treatment_of(const RunOptions& o) {
  const auto text = [](const std::optional<std::string>& value) { return value.value_or("\n"); };
  std::string settings;
  for (const Setting& s : o.settings)
    settings += s.element + "." + s.property + "=" + s.value + "\n";
  return {{"method", to_string(o.method)},
          {"shape", text(o.shape)},
          {"color", text(o.color)},
          {"margin", text(o.margin)},
          {"strength", text(o.strength)},
          {"lookahead", text(o.lookahead)},
          {"hold-time", text(o.hold_time)},
          {"device", text(o.device)},
          {"on-doubt", text(o.on_doubt)},
          {"target", text(o.target)},
          {"target-bank", text(o.target_bank)},
          {"geometry", text(o.geometry)},
          {"assign", text(o.assign)},
          {"model", text(o.model)},
          {"subject", o.subject},
          {"label", o.label},
          {"scan_method", o.scan_method},
          {"settings", settings},
          {"codec", o.codec ? to_string(*o.codec) : ""},
          {"crf", std::to_string(o.crf)},
          {"quality", o.quality ? std::to_string(*o.quality) : ""},
          {"speed-preset", o.speed_preset},
          {"audio", o.keep_audio ? "keep" : "drop"},
          {"sign", o.sign.empty() ? "" : "yes"},
          {"keep-going", o.keep_going ? "yes" : "no"}};
}

} // namespace

void add_batch_options(CLI::App& app, RunOptions& o) {
  app.add_option(
      "--manifest", o.manifest,
      "Batch: a CSV file with the columns input, output, method, options, subject; a row for each file");
  app.add_option_function<std::string>(
         "--shard", [&o](const std::string& text) { o.shard = archive::shard_in(text); },
         "Batch: only part I of N; a file's content decides its part")
      ->type_name("I/N");
  app.add_option("--shard-plan", o.shard_plan, "Batch: the plan of parts that deid slurm wrote");
  app.add_option("--only", o.only,
                 "Batch: open (default: all files that are not done), new (those that nobody began), failed")
      ->transform(CLI::CheckedTransformer(choices, CLI::ignore_case))
      ->type_name("WHICH")
      ->default_str("open");
  app.add_option("--stale-after", o.stale_after,
                 "Batch: seconds without a sign of life, after which another computer's file is taken over")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
}

void check_batch_options(const RunOptions& o) {
  if (!o.manifest.empty() && !o.inputs.empty())
    throw Failure("Give either inputs or --manifest, not both.", exit_usage);
  if (!o.shard_plan.empty() && !o.shard)
    throw Failure("--shard-plan needs --shard.", exit_usage);
  if (o.live() && (o.shard || o.only != Only::open))
    throw Failure("--shard and --only are for batches of files.", exit_usage);
}

RunOptions row_options(const RunOptions& base, const std::string& method, const std::string& words) {
  RunOptions row = base;
  auto hold_time = std::exchange(row.hold_time, std::nullopt); // finished values are not finished twice
  auto color = std::exchange(row.color, std::nullopt);
  CLI::App app;
  add_treatment_options(app, row);
  try {
    app.parse(method.empty() ? words : "--method " + method + " " + words);
  } catch (const CLI::ParseError& e) {
    throw Failure(std::string("The row's method or options are wrong: ") + e.what() +
                      " A row takes what says how one file is treated, such as --margin 0.2.",
                  exit_usage);
  }
  finish_run_options(row);
  if (!row.hold_time)
    row.hold_time = std::move(hold_time);
  if (!row.color && row.method == Method::mask)
    row.color = std::move(color);
  return row;
}

std::string treatment_text(const RunOptions& o) {
  const auto all = treatment_of(o), usual = treatment_of(RunOptions{});
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] != usual[i]) // an option that a later version adds changes nothing
      text += all[i].first + "=" + all[i].second + "\n";
  return text;
}

} // namespace deid::cli
