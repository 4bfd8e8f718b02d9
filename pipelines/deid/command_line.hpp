#pragma once
#include "pipelines/deid/evaluate/options.hpp"
#include "pipelines/deid/measure/options.hpp"
#include "pipelines/deid/oks/options.hpp"
#include "pipelines/deid/review/options.hpp"
#include "pipelines/deid/run/options.hpp"
#include "pipelines/deid/slurm/options.hpp"
#include "pipelines/deid/status/options.hpp"
#include "pipelines/deid/target/options.hpp"
#include "pipelines/deid/train/options.hpp"
#include <filesystem>
#include <string>

namespace deid::cli {

enum class Command { none, run, doctor, oks, measure, target, train, evaluate, status, slurm, review };

/// The parsed command line. When command is none, `text` is to be printed: help, version, or an error in the
/// line.
struct Parsed {
  Command command = Command::none;
  RunOptions run{};
  OksOptions oks{};
  MeasureOptions measure{};
  TargetOptions target{};
  TrainOptions train{};
  EvaluateOptions evaluate{};
  StatusOptions status{};
  SlurmOptions slurm{};
  ReviewOptions review{};
  std::filesystem::path support{}; ///< deid doctor --support; empty: none
  std::string text{};
  int exit_code = 0;
};

/// Parses the command line. Never exits or prints; a wrong combination gives text and exit_usage.
Parsed parse_options(int argc, const char* const* argv);

} // namespace deid::cli
