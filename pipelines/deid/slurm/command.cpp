#include "pipelines/deid/slurm/command.hpp"
#include "models/files/whole_file.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/run/batch.hpp"
#include "pipelines/deid/run/keeper.hpp"
#include "pipelines/deid/run/progress.hpp"
#include "pipelines/deid/slurm/cost.hpp"
#include "pipelines/deid/slurm/script.hpp"
#include "pipelines/deid/slurm/shards.hpp"
#include <algorithm>
#include <cstdio>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

constexpr double share_of_limit = .5; ///< of the time limit that a part is meant to need
constexpr double most_of_limit = .8;  ///< of the time limit that a part may need by prediction

/// What is to be done, and what one task of it needs.
struct Work {
  std::vector<Load> loads{};
  std::uint64_t frames = 0;
  int megabytes = 0;
};

Work work_of(const SlurmOptions& o, const std::vector<BatchItem>& items, const archive::Overview& overview,
             const Speed& speed) {
  std::map<std::string, const archive::Entry*> known;
  for (const archive::Entry& entry : overview.entries)
    known[entry.state.output] = &entry;
  const archive::Store store(o.run.output);
  Work work;
  for (const BatchItem& item : items) {
    const fs::path output = item.output.lexically_relative(o.run.output);
    const auto found = known.find(output.string());
    if (found == known.end() || found->second->status == "done" || found->second->status == "found")
      continue;
    const archive::Length length = found->second->state.length;
    const auto frames = std::max<std::uint64_t>(length.frames, 1);
    work.frames += frames;
    work.loads.push_back(
        {store.folder_of(output).filename().string(), static_cast<double>(frames) / speed.fps});
    if (length.width > 0) // a file whose head cannot be read does not decide
      work.megabytes = std::max(work.megabytes,
                                megabytes_for(options_of(item, o.run).method, length.width, length.height));
  }
  if (work.megabytes == 0)
    work.megabytes = megabytes_for(o.run.method, 0, 0);
  return work;
}

void check_limit(const SlurmOptions& o, const Packing& packing, const Speed& speed) {
  if (packing.longest <= most_of_limit * o.seconds)
    return;
  const std::string what = "The longest part needs about " + human_time(packing.longest) + " (" +
                           speed.origin + "), which is too near to the limit --time " + o.time + ".";
  if (!speed.assumed)
    throw Failure(what + " Raise --time, --cpus-per-task or --most-tasks.", exit_usage);
  std::fprintf(stderr, "note: %s\n", what.c_str());
}

/// Runs the script by the shell, which reads it from its input. Returns the exit status.
int submit(const std::string& script, const fs::path& output) {
  FILE* shell = popen("/bin/sh", "w");
  if (!shell)
    throw Failure("The shell cannot be started.");
  const bool written = std::fwrite(script.data(), 1, script.size(), shell) == script.size();
  const int status = pclose(shell);
  if (!written || status != 0)
    throw Failure("No job was submitted; the reason stands above.");
  std::fprintf(stderr, "Submitted. How far it is: `deid status %s`; what waits, and why: `squeue --me`\n",
               output.c_str());
  return exit_ok;
}

} // namespace

int make_jobs(const SlurmOptions& o) {
  if (o.run.output.empty())
    throw Failure("Give the folder of the results: -o DIRECTORY.", exit_usage);
  const std::vector<BatchItem> items = plan_batch(o.run);
  const ElementNames names;
  Keeper(o.run, names, {}).announce(items);
  const archive::Store store(o.run.output);
  const archive::Overview overview = archive::look(store);
  const Speed speed = speed_of(o.speed, overview, o.run.method, o.cpus);
  const Work work = work_of(o, items, overview, speed);
  if (work.loads.empty()) {
    std::fputs("All files are done; there is nothing to submit.\n", stderr);
    return exit_ok;
  }
  const Packing packing =
      pack(work.loads, share_of_limit * o.seconds, static_cast<std::uint32_t>(o.most_tasks));
  check_limit(o, packing, speed);
  const std::string plan = archive::to_text(packing.plan);
  const fs::path file =
      fs::absolute(store.folder()) / ("plan-" + archive::hash_of(plan).substr(0, 12) + ".csv");
  files::write_whole(file, plan, 0600);
  if (!o.logs.empty())
    fs::create_directories(o.logs);
  std::fprintf(stderr,
               "%zu files with %llu frames in %u part%s; about %s of work, the longest part %s (%s)\n",
               work.loads.size(), static_cast<unsigned long long>(work.frames), packing.shards,
               packing.shards == 1 ? "" : "s", human_time(packing.total).c_str(),
               human_time(packing.longest).c_str(), speed.origin.c_str());
  const std::string script =
      script_of(o, {.program = this_program(),
                    .folder = fs::current_path(),
                    .plan = file,
                    .shards = packing.shards,
                    .memory = o.memory.empty() ? std::to_string(work.megabytes) + "M" : o.memory});
  if (o.submit)
    return submit(script, o.run.output);
  std::fputs(script.c_str(), stdout);
  return exit_ok;
}

} // namespace deid::cli
