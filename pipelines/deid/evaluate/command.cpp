#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/evaluate/graph.hpp"
#include "pipelines/deid/evaluate/units.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/progress.hpp"
#include "pipelines/evaluate/people.hpp"
#include "pipelines/evaluate/report.hpp"
#include <algorithm>
#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fcntl.h>
#include <iterator>
#include <set>
#include <stdexcept>
#include <sys/file.h>
#include <unistd.h>

namespace deid::cli {
namespace fs = std::filesystem;

namespace {

constexpr const char* help = R"(
FOLDER gets report.html (one file; shows no original picture unless --include-originals), report.json, tables as .csv,
and below raw/ what the figures were made from: keypoints, descriptors, audits. Raw data can name patients; keep them as
you keep the videos. An interrupted evaluation goes on where it was when the same command is given again.

Examples:
  deid evaluate visits/ --out evaluation/
  deid evaluate a.mp4 b.mp4 --methods swap,mask --people who.csv --out evaluation/)";

/// Two runs in one folder would take each other's files.
class Lock {
public:
  explicit Lock(const fs::path& folder) {
    const fs::path file = folder / ".lock";
    fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0 || flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      if (fd_ >= 0)
        close(fd_);
      throw Failure("Another evaluation is at work in " + folder.string() +
                    "; wait for it or choose another --out.");
    }
  }
  ~Lock() { close(fd_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

private:
  int fd_ = -1;
};

/// What a killed run left. Only with the lock held.
void clear_workplaces(const fs::path& folder) {
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec))
    if (entry.path().filename().string().starts_with(".work-"))
      fs::remove_all(entry.path(), ec);
}

void check(const EvaluateOptions& o) {
  std::set<std::string> names;
  for (const std::string& method : o.methods)
    if (!names.insert(name_of(method)).second)
      throw Failure("--methods names " + name_of(method) + " twice; evaluate them in two folders.",
                    exit_usage);
}

/// A mistake in who is who shall not wait for hours.
void check_people(const EvaluateOptions& o, const std::vector<Video>& videos) {
  std::vector<std::string> names;
  std::ranges::transform(videos, std::back_inserter(names), &Video::name);
  try {
    evaluate::check_people(o.people, names);
  } catch (const std::invalid_argument& e) {
    throw Failure(e.what(), exit_usage);
  }
}

int dry_run(const EvaluateOptions& o) {
  std::vector<std::string> methods = o.methods;
  methods.emplace_back(reencoded);
  for (const Video& video : videos_of(o)) {
    Source source = inspect(video.file);
    follow(read_film(video.file), source);
    std::puts(shell_line(evaluate_graph(o, source, methods, o.out / "raw", true)).c_str());
  }
  return exit_ok;
}

/// All units; says how long the rest will take by the time that those done now took.
void bring_all(const EvaluateOptions& o, const std::vector<Video>& videos, Units& units) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t worked = 0;
  for (std::size_t i = 0; i < videos.size(); ++i) {
    const std::size_t kept = units.kept();
    units.bring(videos[i], i + 1, videos.size());
    worked += units.kept() - kept < units.methods().size() ? 1 : 0;
    const std::size_t left = videos.size() - i - 1;
    if (o.quiet || left == 0 || worked == 0)
      continue;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::fprintf(stderr, "%zu of %zu videos done, about %s left\n", i + 1, videos.size(),
                 human_time(seconds / static_cast<double>(worked) * static_cast<double>(left)).c_str());
  }
}

evaluate::Evaluation evaluation_of(const EvaluateOptions& o, const std::vector<Video>& videos,
                                   const Units& units) {
  evaluate::Evaluation e{.folder = evaluate::Folder(o.out)};
  for (const Video& video : videos)
    e.videos.push_back(video.name);
  for (const std::string& method : units.methods())
    e.methods.push_back(name_of(method));
  for (const auto& done : units.done())
    e.units.push_back({done.video, done.method, done.file});
  for (const Trouble& one : units.trouble())
    e.trouble.push_back({one.video, one.method, one.why});
  e.people = o.people;
  e.version = units.version();
  e.include_originals = o.include_originals;
  return e;
}

} // namespace

CLI::App* add_evaluate_options(CLI::App& app, EvaluateOptions& o) {
  CLI::App* evaluate =
      app.add_subcommand("evaluate", "The whole experiment: who is still found, what of movement is left");
  evaluate->add_option("originals", o.originals, "Video files or directories, not de-identified")->required();
  evaluate->add_option("--out,-o", o.out, "Folder of the results")->required()->type_name("FOLDER");
  evaluate
      ->add_option("--methods", o.methods, "What is compared: swap, mask, blur, pixelate, autoencoder:MODEL")
      ->delimiter(',')
      ->capture_default_str();
  evaluate->add_option("--target", o.target,
                       "Of swap: a target file (see deid target); several: one each, A:B. Of autoencoder: "
                       "for those whom the model is not for");
  evaluate->add_option("--target-bank", o.target_bank, "The same: a folder of target files");
  evaluate
      ->add_option("--set", o.settings,
                   "A property: cover.NAME=VALUE of swap and autoencoder, or facedetect.NAME=VALUE")
      ->type_name("ELEMENT.PROPERTY=VALUE")
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  evaluate
      ->add_option(
          "--people", o.people,
          "Who is who across videos: a file of lines clip,person[,face id]; folder: one person a folder; "
          "cluster (default): by the originals' faces")
      ->type_name("FILE|cluster|folder");
  evaluate->add_option("--interval", o.interval, "Frames between two whose faces are described")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  evaluate->add_flag("!--no-face", o.face, "Leave out eyes and mouth");
  evaluate->add_flag("!--no-leaks", o.leaks, "Leave out the second look for faces that left as they came");
  evaluate->add_flag("--include-originals", o.include_originals,
                     "THE REPORT THEN SHOWS ORIGINAL FACES; it must not be passed on");
  evaluate->add_flag("--quiet,-q", o.quiet, "Only errors");
  evaluate->add_flag("--dry-run", o.dry_run, "Print the gst-launch-1.0 lines and do nothing");
  evaluate->footer(help);
  return evaluate;
}

int evaluate_videos(const EvaluateOptions& o) {
  check(o);
  const std::vector<Video> videos = videos_of(o);
  if (o.dry_run)
    return dry_run(o);
  check_people(o, videos);
  const evaluate::Folder folder(o.out);
  evaluate::require_ours(folder);
  folder.make();
  const Lock lock(o.out);
  clear_workplaces(o.out);
  if (!o.include_originals) // those of videos that are not asked for now, or cannot be read, too
    evaluate::drop_originals(folder);
  Units units(o, folder);
  bring_all(o, videos, units);
  const evaluate::Evaluation evaluation = evaluation_of(o, videos, units);
  const evaluate::Reports reports = evaluate::report(evaluation);
  evaluate::write(evaluation, reports);
  if (!o.quiet)
    std::printf("%s\n", (o.out / "report.html").c_str());
  const std::size_t failed = units.trouble().size() + reports.trouble;
  if (failed > 0)
    std::fprintf(stderr, "%zu of %zu results are missing; the report says which and why.\n", failed,
                 videos.size() * units.methods().size());
  return failed > 0 ? exit_failed : exit_ok;
}

} // namespace deid::cli
