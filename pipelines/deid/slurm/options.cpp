#include "pipelines/deid/slurm/options.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <CLI/CLI.hpp>
#include <map>
#include <string_view>

namespace deid::cli {
namespace {

constexpr const char* slurm_help = R"(
Prints a shell script of two sbatch calls: an array job, whose tasks are parts of the batch, and a job that
waits for it and writes OUT/.deid/report.json. --submit runs the script. All options of deid run are taken.

Examples:
  deid slurm recordings/ -o deidentified/ --account neuro --time 4:00:00 --method mask
  deid slurm recordings/ -o deidentified/ --time 4:00:00 --submit)";

/// Our own options that a task's command must not have, and whether a value follows.
const std::map<std::string_view, bool> own{
    {"--account", true},       {"--partition", true}, {"--job-name", true}, {"--time", true},
    {"--cpus-per-task", true}, {"--mem", true},       {"--speed", true},    {"--most-tasks", true},
    {"--sbatch", true},        {"--logs", true},      {"--submit", false}};

std::vector<std::string> words_of_run(const std::vector<std::string>& line) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto equals = line[i].find('=');
    const auto found = own.find(std::string_view(line[i]).substr(0, equals));
    if (found == own.end())
      words.push_back(line[i]);
    else if (found->second && equals == std::string::npos)
      ++i;
  }
  return words;
}

[[noreturn]] void refuse_job(const std::string& why) {
  throw Failure(why, exit_usage);
}

/// "1:30:00" -> {1, 30, 0}
std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  while (true) {
    const auto colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    unsigned number = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), number);
    if (part.empty() || read.ec != std::errc{} || read.ptr != part.data() + part.size())
      return {};
    numbers.push_back(number);
    if (colon == std::string_view::npos)
      return numbers;
    text.remove_prefix(colon + 1);
  }
}

} // namespace

double seconds_of(const std::string& time) {
  const auto dash = time.find('-');
  const bool days = dash != std::string::npos;
  const std::vector<double> parts = numbers_in(days ? time.substr(dash + 1) : time);
  const std::vector<double> day = days ? numbers_in(time.substr(0, dash)) : std::vector<double>{0};
  if (parts.empty() || parts.size() > 3 || day.size() != 1)
    refuse_job("--time needs a limit as sbatch takes it, such as 4:00:00, not '" + time + "'.");
  // With days: hours[:minutes[:seconds]]. Without: minutes[:seconds], or hours:minutes:seconds.
  std::array<double, 3> units{60, 1, 0};
  if (days || parts.size() == 3)
    units = {3600, 60, 1};
  double seconds = day.front() * 86400;
  for (std::size_t i = 0; i < parts.size(); ++i)
    seconds += parts[i] * units.at(i);
  if (seconds <= 0)
    refuse_job("--time must be longer than nothing.");
  return seconds;
}

CLI::App* add_slurm_options(CLI::App& app, SlurmOptions& o) {
  CLI::App* slurm =
      app.add_subcommand("slurm", "Print or submit an array job that runs a batch on a cluster");
  add_run_arguments(*slurm, o.run);
  slurm->add_option("--account", o.account, "Slurm: the account that is charged");
  slurm->add_option("--partition", o.partition, "Slurm: the partition");
  slurm->add_option("--job-name", o.job_name, "Slurm: name of the job; other users can see it")
      ->capture_default_str();
  slurm->add_option("--time", o.time, "Slurm: time limit of a task; parts get about half of it")->required();
  slurm->add_option("--cpus-per-task", o.cpus, "Slurm: processors of a task")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  slurm->add_option("--mem", o.memory, "Slurm: memory of a task (default: from resolution and method)");
  slurm
      ->add_option("--speed", o.speed,
                   "Frames a second of one task (default: measured by the records of OUT, otherwise assumed)")
      ->check(CLI::PositiveNumber);
  slurm->add_option("--most-tasks", o.most_tasks, "Most tasks of the array")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  slurm->add_option("--sbatch", o.more, "A further option of sbatch, such as --sbatch=--qos=low (repeatable)")
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  slurm->add_option("--logs", o.logs,
                    "Folder of the tasks' messages, which may name inputs (default: Slurm's, here)");
  slurm->add_flag("--submit", o.submit, "Run the script: submit both jobs");
  slurm->footer(slurm_help);
  return slurm;
}

void finish_slurm_options(SlurmOptions& o, const std::vector<std::string>& line) {
  finish_run_options(o.run);
  o.seconds = seconds_of(o.time);
  o.words = words_of_run(line);
  if (o.run.live() || o.run.preview)
    refuse_job("A camera cannot be recorded by a job.");
  if (o.run.shard || !o.run.shard_plan.empty())
    refuse_job("deid slurm makes the parts itself; leave out --shard and --shard-plan.");
  if (o.run.overwrite)
    refuse_job("A task that Slurm starts again would make all its results again. Name another folder with -o "
               "instead "
               "of --overwrite.");
  if (!o.run.json_summary.empty())
    refuse_job(
        "The tasks would write one --json-summary over each other; OUT/.deid/report.json has all results.");
  if (o.run.dry_run)
    refuse_job("deid slurm without --submit is a dry run already.");
}

} // namespace deid::cli
