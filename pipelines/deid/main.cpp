#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/doctor.hpp"
#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/measure/command.hpp"
#include "pipelines/deid/oks/command.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/portable.hpp"
#include "pipelines/deid/review/command.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/slurm/command.hpp"
#include "pipelines/deid/status/command.hpp"
#include "pipelines/deid/target/command.hpp"
#include "pipelines/deid/train/command.hpp"
#include <cstdio>
#include <gst/gst.h>
#include <optional>

namespace deid::cli {
namespace {

/// Does the work of a command that needs no GStreamer, and returns the exit status; returns nothing for
/// others.
std::optional<int> without_gstreamer(const Parsed& parsed) {
  switch (parsed.command) {
  case Command::none:
    std::fputs(parsed.text.c_str(), parsed.exit_code == exit_ok ? stdout : stderr);
    return parsed.exit_code;
  case Command::oks:
    return compare_keypoints(parsed.oks);
  case Command::status:
    return tell_status(parsed.status);
  default:
    return std::nullopt;
  }
}

/// The same for a command that needs GStreamer and none of our elements at its start.
std::optional<int> without_elements(const Parsed& parsed) {
  switch (parsed.command) {
  case Command::doctor:
    return doctor(parsed.support);
  case Command::target:
    return make_target(parsed.target);
  case Command::slurm:
    return make_jobs(parsed.slurm);
  default:
    return std::nullopt;
  }
}

int with_elements(const Parsed& parsed) {
  load_plugin();
  switch (parsed.command) {
  case Command::measure:
    return measure_videos(parsed.measure);
  case Command::review:
    return review_command(parsed.review);
  case Command::train:
    return train_model(parsed.train);
  case Command::evaluate:
    return evaluate_videos(parsed.evaluate);
  default:
    return run_command(parsed.run);
  }
}

int work(int argc, char** argv) {
  const Parsed parsed = parse_options(argc, argv);
  if (const auto status = without_gstreamer(parsed))
    return *status;
  use_own_parts();
  GError* error = nullptr;
  if (!gst_init_check(nullptr, nullptr, &error)) {
    std::fprintf(stderr, "deid: GStreamer does not start: %s\n", error ? error->message : "unknown reason");
    return exit_failed;
  }
  if (const auto status = without_elements(parsed))
    return *status;
  return with_elements(parsed);
}

} // namespace
} // namespace deid::cli

int main(int argc, char** argv) {
  try {
    return deid::cli::work(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "deid: %s\n", e.what());
    const auto* failure = dynamic_cast<const deid::cli::Failure*>(&e);
    return failure ? failure->code() : deid::cli::exit_failed;
  }
}
