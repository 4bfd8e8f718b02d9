#pragma once
#include "pipelines/deid/run/options.hpp"
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace deid::cli {

/// The options of `deid slurm`.
struct SlurmOptions {
  RunOptions run{};                 ///< what each task runs, for the plan
  std::vector<std::string> words{}; ///< the same as on a command line
  std::string account{}, partition{}, job_name = "deid";
  std::string time{};            ///< limit of a task, as sbatch takes it
  double seconds = 0;            ///< the same [s]
  int cpus = 4;                  ///< of a task
  std::string memory{};          ///< of a task, as sbatch takes it; empty: computed
  std::optional<double> speed{}; ///< frames a second of one task; nothing: measured or assumed
  int most_tasks = 1000;
  std::vector<std::string> more{}; ///< further options of sbatch
  std::filesystem::path logs{};    ///< folder of the tasks' messages; empty: Slurm's default
  bool submit = false;
};

/// Adds the subcommand `slurm`.
CLI::App* add_slurm_options(CLI::App& app, SlurmOptions& options);

/// Completes the options. line: what stands behind `deid slurm`. Throws Failure(exit_usage) on options that a
/// task cannot have.
void finish_slurm_options(SlurmOptions& options, const std::vector<std::string>& line);

/// "90", "90:00", "1:30:00", "1-6", "1-6:30", "1-6:30:00" -> [s], as sbatch reads it. Throws
/// Failure(exit_usage).
double seconds_of(const std::string& time);

} // namespace deid::cli
