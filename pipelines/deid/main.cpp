#include "pipelines/deid/command_line.hpp"
#include "pipelines/deid/doctor.hpp"
#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/measure/command.hpp"
#include "pipelines/deid/oks/command.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/review/command.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/slurm/command.hpp"
#include "pipelines/deid/status/command.hpp"
#include "pipelines/deid/target/command.hpp"
#include "pipelines/deid/train/command.hpp"
#include <cstdio>
#include <gst/gst.h>

int main(int argc, char** argv) {
  using namespace deid::cli;
  try {
    const Parsed parsed = parse_options(argc, argv);
    if (parsed.command == Command::none) {
      std::fputs(parsed.text.c_str(), parsed.exit_code == exit_ok ? stdout : stderr);
      return parsed.exit_code;
    }
    if (parsed.command == Command::oks)
      return compare_keypoints(parsed.oks);
    if (parsed.command == Command::status)
      return tell_status(parsed.status);
    GError* error = nullptr;
    if (!gst_init_check(nullptr, nullptr, &error)) {
      std::fprintf(stderr, "deid: GStreamer does not start: %s\n", error ? error->message : "unknown reason");
      return exit_failed;
    }
    if (parsed.command == Command::doctor)
      return doctor();
    if (parsed.command == Command::target)
      return make_target(parsed.target);
    if (parsed.command == Command::slurm)
      return make_jobs(parsed.slurm);
    load_plugin();
    if (parsed.command == Command::measure)
      return measure_videos(parsed.measure);
    if (parsed.command == Command::review)
      return review_command(parsed.review);
    if (parsed.command == Command::train)
      return train_model(parsed.train);
    if (parsed.command == Command::evaluate)
      return evaluate_videos(parsed.evaluate);
    return run_command(parsed.run);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "deid: %s\n", e.what());
    const auto* failure = dynamic_cast<const Failure*>(&e);
    return failure ? failure->code() : exit_failed;
  }
}
