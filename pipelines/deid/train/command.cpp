#include "pipelines/deid/train/command.hpp"
#include "models/descriptor/limit.hpp"
#include "models/training/selection.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/train/extract.hpp"
#include <cerrno>
#include <cmath>
#include <cstring>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deid::cli {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_options(const std::string& why) {
  throw Failure(why, exit_usage);
}

void check(const TrainOptions& o, const fs::path& trainer) {
  if (!o.extract_only && (o.hours > 0) == (o.iterations > 0))
    refuse_options("Give the length of the training: either --hours H or --iterations N.");
  if (o.resume && o.restart)
    refuse_options("--resume continues and --restart starts again; give only one of them.");
  check_target(o.out, o.overwrite || o.resume);
  if (!o.preview.empty() && !fs::is_directory(o.preview) && !fs::create_directory(o.preview))
    refuse_options(o.preview.string() + " is no folder and cannot be made.");
  if (!o.extract_only && trainer.empty())
    throw Failure("The trainer was not built, because libtorch was not there: run ./meson-free-scripts/setup "
                  "--train and "
                  "./meson-free-scripts/build, then try again.");
}

fs::path trainer_program() {
  const fs::path beside = this_program().parent_path() / "deid-train";
  std::error_code ec;
  return fs::exists(beside, ec) ? beside : fs::path{};
}

/// Makes a folder for its owner only, because it holds faces.
void make_work_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && (errno != EEXIST || !fs::is_directory(folder)))
    throw Failure("The folder " + folder.string() + " cannot be made (" + std::strerror(errno) + ").");
}

void check_checkpoint(const TrainOptions& o, const fs::path& checkpoint) {
  std::error_code ec;
  const bool there = fs::exists(checkpoint, ec);
  if (there && !o.resume && !o.restart)
    throw Failure("There is a training for " + o.out.string() +
                      " already: --resume continues it, --restart starts again.",
                  exit_usage);
  if (!there && o.resume)
    throw Failure("There is no training to continue (" + checkpoint.string() + "); leave --resume out.",
                  exit_usage);
  if (there && o.restart)
    fs::remove(checkpoint, ec);
}

Extraction extraction(const TrainOptions& o, bool subject) {
  Extraction what{.clips = subject ? o.subject : o.target,
                  .cache = work_folder(o) / (subject ? "subject.faces" : "target.faces"),
                  .coverage = o.coverage,
                  .quiet = o.quiet};
  what.rule.side = subject ? "subject" : "target";
  what.rule.most = static_cast<std::size_t>(o.most);
  return what;
}

void extract(const TrainOptions& o) {
  const training::FaceSet subject = extract_faces(extraction(o, true)),
                          target = extract_faces(extraction(o, false));
  const double apart = training::distance(subject.mean, target.mean);
  const std::string number = std::to_string(apart).substr(0, 4);
  if (apart < models::same_person_limit)
    throw Failure("The subject and the target look like one person (" + number +
                  " apart, less than .6): choose another target.");
  if (o.quiet)
    return;
  std::fprintf(stderr, "Subject and target are %s apart%s\n", number.c_str(),
               apart < .75 ? "; .75 and more hides better." : ".");
}

/// Replaces this process by the trainer, which so receives the terminal's input and all signals itself.
[[noreturn]] void become(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& one : arguments)
    argv.push_back(const_cast<char*>(one.c_str()));
  argv.push_back(nullptr);
  setenv("OPENBLAS_NUM_THREADS", "1", 0); // the trainer splits the work itself
  execv(argv.front(), argv.data());
  throw Failure("The trainer " + arguments.front() + " cannot be started (" + std::strerror(errno) + ").");
}

} // namespace

fs::path work_folder(const TrainOptions& o) {
  if (!o.work.empty())
    return o.work;
  fs::path beside = o.out;
  return beside += ".work";
}

std::vector<std::string> trainer_arguments(const TrainOptions& o, const fs::path& program) {
  const fs::path work = work_folder(o);
  std::vector<std::string> all{program.string(),
                               "--subject",
                               work / "subject.faces",
                               "--target",
                               work / "target.faces",
                               "--out",
                               o.out,
                               "--checkpoint",
                               work / (o.network + ".checkpoint"),
                               "--network",
                               o.network};
  const auto add = [&](const char* name, const std::string& value) {
    all.emplace_back(name);
    all.push_back(value);
  };
  if (o.hours > 0)
    add("--hours", std::to_string(o.hours));
  if (o.iterations > 0)
    add("--iterations", std::to_string(o.iterations));
  if (o.batch)
    add("--batch", std::to_string(*o.batch));
  if (o.seed)
    add("--seed", std::to_string(*o.seed));
  if (o.precision_given)
    add("--precision", o.precision);
  if (o.threads > 0)
    add("--threads", std::to_string(o.threads));
  if (!o.preview.empty())
    add("--preview", o.preview);
  if (!o.passphrase_file.empty())
    add("--passphrase-file", o.passphrase_file);
  add("--target-name", o.target_name.empty() ? o.target.front().stem().string() : o.target_name);
  add("--target-status", !o.target_status.empty() ? o.target_status
                         : o.consented            ? "a person who agreed to lend the face"
                                                  : "a person; consent is not stated");
  for (const auto& [given, name] : {std::pair(o.resume, "--resume"), std::pair(o.keep_both, "--keep-both"),
                                    std::pair(o.quiet, "--quiet")})
    if (given)
      all.emplace_back(name);
  return all;
}

int train_model(const TrainOptions& o) {
  const fs::path trainer = trainer_program(), work = work_folder(o);
  check(o, trainer);
  make_work_folder(work);
  if (!o.extract_only)
    check_checkpoint(o, work / (o.network + ".checkpoint"));
  extract(o);
  if (o.extract_only)
    return exit_ok;
  if (!o.quiet)
    std::fprintf(stderr,
                 "%s will be able to draw the target's face%s. It and %s are readable by you alone; pass "
                 "neither on.\n",
                 o.out.c_str(),
                 o.keep_both ? " and the subject's, so that the de-identification can be undone" : "",
                 work.c_str());
  become(trainer_arguments(o, trainer));
}

} // namespace deid::cli
