#include "pipelines/deid/train/command.hpp"
#include "models/training/selection.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/plugin.hpp"
#include "pipelines/deid/train/extract.hpp"
#include <cerrno>
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstring>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deid::cli {

namespace fs = std::filesystem;

namespace {

constexpr double one_person = .6; // dlib's threshold: nearer means are one person's

constexpr const char* help = R"(
Trains a network for one pair of people: it redraws the subject's face as the target's. Hours, not minutes: light96 on two
cores shows a face after minutes, expression takes much longer (look at --preview); original takes days.
Both people must have agreed in writing. The folder MODEL.work holds faces of both, and the model itself can draw the
target's face: keep both as you keep the videos.

Examples:
  deid train --subject visit1.mp4 visit2.mp4 --target volunteer.mp4 --out visit.deidae --hours 1.5
  deid train --subject visit1.mp4 visit2.mp4 --target volunteer.mp4 --out visit.deidae --hours 3 --resume
  deid run visit1.mp4 -o visit1.deid.mp4 --model visit.deidae)";

[[noreturn]] void refuse(const std::string& why) {
  throw Failure(why, exit_usage);
}

void check(const TrainOptions& o, const fs::path& trainer) {
  if (!o.extract_only && (o.hours > 0) == (o.iterations > 0))
    refuse("Say how long: either --hours H or --iterations N.");
  if (o.resume && o.restart)
    refuse("--resume goes on and --restart begins anew; give one of them.");
  check_target(o.out, o.overwrite || o.resume);
  if (!o.preview.empty() && !fs::is_directory(o.preview) && !fs::create_directory(o.preview))
    refuse(o.preview.string() + " is no folder and none can be made there.");
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

/// Readable by its owner only: it holds faces.
void make_work_folder(const fs::path& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && (errno != EEXIST || !fs::is_directory(folder)))
    throw Failure("The folder " + folder.string() + " cannot be made (" + std::strerror(errno) + ").");
}

void check_checkpoint(const TrainOptions& o, const fs::path& checkpoint) {
  std::error_code ec;
  const bool there = fs::exists(checkpoint, ec);
  if (there && !o.resume && !o.restart)
    throw Failure("There is a training for " + o.out.string() +
                      " already: --resume goes on with it, --restart begins anew.",
                  exit_usage);
  if (!there && o.resume)
    throw Failure("There is no training to go on with (" + checkpoint.string() + "); leave --resume out.",
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
  if (apart < one_person)
    throw Failure("The subject and the target look like one person (" + number +
                  " apart, less than .6): choose another target.");
  if (o.quiet)
    return;
  std::fprintf(stderr, "Subject and target are %s apart%s\n", number.c_str(),
               apart < .75 ? "; .75 and more hides better." : ".");
}

/// Runs the trainer; what it is told by the terminal or a signal it hears itself, being this very process.
[[noreturn]] void become(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& one : arguments)
    argv.push_back(const_cast<char*>(one.c_str()));
  argv.push_back(nullptr);
  setenv("OPENBLAS_NUM_THREADS", "1", 0); // the trainer shares the work out itself
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
                                                  : "a person; nothing was said about consent");
  for (const auto& [given, name] : {std::pair(o.resume, "--resume"), std::pair(o.keep_both, "--keep-both"),
                                    std::pair(o.quiet, "--quiet")})
    if (given)
      all.emplace_back(name);
  return all;
}

CLI::App* add_train_options(CLI::App& app, TrainOptions& o) {
  CLI::App* train =
      app.add_subcommand("train", "Train a network that redraws one person's face as another's");
  train->add_option("--subject", o.subject, "Clips of the person who is to be hidden")
      ->required()
      ->type_name("CLIPS");
  train->add_option("--target", o.target, "Clips of the person who lends the face")
      ->required()
      ->type_name("CLIPS");
  train->add_option("--out,-o", o.out, "The model file")->required()->type_name("FILE");
  train
      ->add_option("--network", o.network,
                   "original (64 px, as published), light96 or light128 (for two cores)")
      ->check(CLI::IsMember({"original", "light96", "light128"}))
      ->capture_default_str();
  train->add_option("--hours", o.hours, "Train for so long")->check(CLI::Range(.001, 10000.));
  train->add_option("--iterations", o.iterations, "Or for so many steps")->check(CLI::Range(1, 100000000));
  train->add_option("--batch", o.batch, "Pictures a side and step (default: 64 for original, else 16)")
      ->check(CLI::Range(1, 1024));
  train->add_option("--precision", o.precision, "bf16, or f32: slower, the same on every machine")
      ->check(CLI::IsMember({"bf16", "f32"}))
      ->capture_default_str()
      ->each([&o](const std::string&) { o.precision_given = true; });
  train->add_option("--threads", o.threads, "Default: one a core")->check(CLI::Range(1, 1024));
  train->add_option("--seed", o.seed, "Another one draws other examples");
  train->add_flag("--resume", o.resume, "Go on with the training of this model");
  train->add_flag("--restart", o.restart, "Throw the training of this model away and begin anew");
  train
      ->add_option("--preview", o.preview,
                   "Pictures to look at, into this folder. THEY SHOW THE ORIGINAL FACES")
      ->type_name("FOLDER");
  train->add_flag("--keep-both", o.keep_both,
                  "Also keep the half that draws the subject. WHOEVER HAS IT CAN UNDO THE DE-IDENTIFICATION");
  train
      ->add_option("--passphrase-file", o.passphrase_file,
                   "Encrypt the model with the first line of this file")
      ->check(CLI::ExistingFile);
  train->add_option("--target-name", o.target_name, "Stands in the model (default: the clip's name)");
  train->add_option("--target-status", o.target_status,
                    "Where the target comes from and what it may be used for");
  train->add_flag("--consented", o.consented,
                  "The target agreed in writing to lend the face; stands in the model");
  train->add_option("--work", o.work, "Where faces and training are kept (default: MODEL.work)")
      ->type_name("FOLDER");
  train->add_option("--most", o.most, "Faces a side")->check(CLI::Range(24, 100000))->capture_default_str();
  train
      ->add_option("--coverage", o.coverage,
                   "Share of the aligned square that is trained on: less shows more detail of less face")
      ->check(CLI::Range(.5, 1.))
      ->capture_default_str();
  train->add_flag("--extract-only", o.extract_only,
                  "Only take the faces out of the clips and say what was kept");
  train->add_flag("--overwrite", o.overwrite, "Replace a model that exists");
  train->add_flag("--quiet,-q", o.quiet, "Only errors");
  train->footer(help);
  return train;
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
