#include "pipelines/deid/evaluate/command.hpp"
#include "pipelines/deid/evaluate/graph.hpp"
#include "pipelines/deid/evaluate/report/people.hpp"
#include "pipelines/deid/evaluate/report/report.hpp"
#include "pipelines/deid/evaluate/unit_runner.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/run/progress.hpp"
#include "pipelines/deid/subjects/run.hpp"
#include <algorithm>
#include <chrono>
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

/// Locks the folder: two runs in one folder would overwrite each other's files.
class Lock {
public:
  explicit Lock(const fs::path& folder) {
    const fs::path file = folder / ".lock";
    fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0 || flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      if (fd_ >= 0)
        close(fd_);
      throw Failure("Another evaluation is running in " + folder.string() +
                    "; wait for it or choose another --out.");
    }
  }
  ~Lock() { close(fd_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

private:
  int fd_ = -1;
};

/// Removes the work folders of killed runs. Requires: the lock is held.
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

/// Checks the list of people before hours of work.
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

/// Processes all videos. Estimates the remaining time from the videos done in this run.
void process_all(const EvaluateOptions& o, const std::vector<Video>& videos, UnitRunner& units) {
  const auto start = std::chrono::steady_clock::now();
  std::size_t worked = 0;
  for (std::size_t i = 0; i < videos.size(); ++i) {
    const std::size_t kept = units.kept();
    units.process(videos[i], i + 1, videos.size());
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
                                   const UnitRunner& units) {
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

/// The options with the face that the book gives the subject.
EvaluateOptions with_subject(const EvaluateOptions& given) {
  if (given.subjects.empty() && given.subject.empty())
    return given;
  if (given.subjects.empty() || given.subject.empty() || !given.target.empty())
    throw Failure(
        "--subjects FILE and --subject ID belong together, and choose the target: leave --target out.",
        exit_usage);
  EvaluateOptions o = given;
  for (const Setting& s : subjects::settings_of(given.subjects, given.subject, given.target_bank))
    o.settings.push_back(s.element + "." + s.property + "=" + s.value);
  return o;
}

} // namespace

int evaluate_videos(const EvaluateOptions& given) {
  const EvaluateOptions o = with_subject(given);
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
  if (!o.include_originals) // also pictures of videos that are not among the originals now, or cannot be read
    evaluate::drop_originals(folder);
  UnitRunner units(o, folder);
  process_all(o, videos, units);
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
