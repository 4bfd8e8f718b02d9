// deid-train: trains on two files of faces and writes one model file. `deid train` starts it.
#include "models/training/trainer/export.hpp"
#include "models/training/trainer/options.hpp"
#include "models/training/trainer/preview.hpp"
#include "models/training/trainer/progress.hpp"
#include <ATen/Parallel.h>
#include <csignal>
#include <fstream>
#include <glib.h>
#include <opencv2/core/utility.hpp>
#include <thread>

namespace {

using namespace deid::training;
namespace fs = std::filesystem;
namespace ae = deid::models::autoencoder;

enum Exit : int { exit_done = 0, exit_failed = 1, exit_stopped = 130 };

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) {
  stop_asked.store(true);
}

void catch_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    if (std::signal(signal, on_signal) == SIG_IGN && signal == SIGHUP)
      std::signal(signal, SIG_IGN); // an ignored signal stays ignored, as nohup sets it
}

/// The checksum that changes with the set of faces.
Belongs belonging(const FaceSet& subject, const FaceSet& target) {
  std::string text;
  for (const FaceSet* set : {&subject, &target}) {
    for (const Clip& clip : set->clips)
      text.append(clip.name).append("|").append(std::to_string(clip.bytes)).append("|");
    text.append(std::to_string(set->faces.size())).append("|");
    for (const float value : set->mean)
      text.append(std::to_string(value)).append(",");
  }
  const std::unique_ptr<char, decltype(&g_free)> sum(
      g_compute_checksum_for_string(G_CHECKSUM_SHA256, text.data(), static_cast<gssize>(text.size())),
      g_free);
  return {sum.get()};
}

/// The checkpoint's recipe, with the changes of the command line.
Recipe recipe_for_run(const Options& o) {
  Recipe recipe = o.resume ? recipe_of(o.checkpoint) : recipe_for(o.network);
  if (recipe.network != o.network)
    throw FileError(o.checkpoint.string() + " is of the network " + recipe.network + ", not of " + o.network +
                    ": give that network, or start again with --restart.");
  recipe.batch = o.batch.value_or(recipe.batch);
  recipe.seed = o.seed.value_or(recipe.seed);
  if (!o.resume || o.precision_given)
    recipe.bf16 = o.precision == "bf16";
  return recipe;
}

std::string passphrase_of(const Options& o) {
  if (o.passphrase_file.empty())
    return {};
  std::ifstream in(o.passphrase_file);
  std::string line;
  if (!std::getline(in, line) || line.empty())
    throw FileError(o.passphrase_file.string() + " has no passphrase in its first line.");
  return line;
}

/// A checkpoint that cannot be written does not end the training; the disk may have room later.
void keep_trying(const Options& o, const std::function<void()>& keep) {
  try {
    keep();
  } catch (const FileError& e) {
    if (!o.quiet)
      std::fprintf(stderr, "warning: %s The training goes on; the checkpoint will be tried again.\n",
                   e.what());
  }
}

void write_previews(const Options& o, Trainer& trainer, bool bf16, const State& state) {
  if (o.preview.empty())
    return;
  char name[64];
  std::snprintf(name, sizeof name, "preview-%08lld.png", static_cast<long long>(state.step));
  keep_trying(o, [&] { write_png(o.preview / name, preview_sheet(trainer, 6, bf16)); });
}

void write_out(const Options& o, Trainer& trainer, const Recipe& recipe, const FaceSet& subject,
               const FaceSet& target, const State& state) {
  ae::ModelFile file = exported(trainer, recipe, subject, target, state, o.keep_both);
  file.alignment.coverage = subject.coverage;
  file.target.name = o.target_name;
  file.target.status = o.target_status;
  ae::write_model(o.out, file, passphrase_of(o));
}

int train(const Options& o) {
  const int threads =
      o.threads > 0 ? o.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(1); // see Crew
  cv::setNumThreads(1);
  const Recipe recipe = recipe_for_run(o);
  const FaceSet subject_faces = read_faces(o.subject), target_faces = read_faces(o.target);
  const int size = ae::network(recipe.network).value().size;
  // Pixels beyond the target's face have no weight. Where the subject's face is wider, the network should
  // continue the skin and not the background.
  const LossWeight weight{.outside = 0};
  const Side subject(subject_faces, size, weight), target(target_faces, size, weight);
  const Belongs belongs = belonging(subject_faces, target_faces);
  Trainer trainer(subject, target, recipe, threads);
  State state;
  if (o.resume)
    state = read_checkpoint(o.checkpoint, recipe, belongs, trainer.adam());
  Progress progress(recipe.network, o.quiet);
  Watchers watchers;
  watchers.stop = &stop_asked;
  watchers.progress = [&](const Report& report) { progress.update(report); };
  watchers.keep = [&](const State& now) {
    keep_trying(o, [&] { write_checkpoint(o.checkpoint, recipe, belongs, now, trainer.adam()); });
  };
  watchers.preview = [&](const State& now) { write_previews(o, trainer, recipe.bf16, now); };
  const Effort effort{o.hours, o.iterations};
  Rhythm rhythm;
  if (effort.steps > 0)
    rhythm.look_steps = std::max<std::int64_t>(1, effort.steps / 20);
  state = trainer.run(state, effort, rhythm, watchers);
  progress.clear();
  if (share_of(state, effort) < 1) {
    std::fprintf(stderr, "Stopped after step %lld; --resume goes on from there.\n",
                 static_cast<long long>(state.step));
    return exit_stopped;
  }
  write_out(o, trainer, recipe, subject_faces, target_faces, state);
  return exit_done;
}

} // namespace

int main(int argc, char** argv) {
  try {
    Options options;
    if (const auto status = parse(argc, argv, options))
      return *status;
    catch_signals();
    return train(options);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "deid-train: %s\n", e.what());
    return exit_failed;
  }
}
