#include "pipelines/deid/review/render.hpp"
#include "pipelines/deid/failure.hpp"
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace deid::review {

using cli::Failure;

namespace {

/// A child whose stderr is read here. It is stopped with this object.
class Child {
public:
  Child(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Failure(std::string("No pipe can be made: ") + std::strerror(errno) + ".");
    errors_ = ends[0];
    std::vector<std::string> all{program.string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& one : all)
      argv.push_back(one.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    const int code = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (code != 0) {
      close(errors_);
      throw Failure(program.string() + " cannot be started: " + std::strerror(code) + ".");
    }
  }
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGTERM);
      wait();
    }
    close(errors_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits up to 200 ms for a piece of stderr. Returns false at its end.
  bool read(std::string& piece) {
    piece.clear();
    pollfd ready{errors_, POLLIN, 0};
    if (poll(&ready, 1, 200) <= 0)
      return true;
    std::array<char, 4096> text{};
    const ssize_t n = ::read(errors_, text.data(), text.size());
    if (n > 0)
      piece.assign(text.data(), static_cast<std::size_t>(n));
    return n > 0 || (n < 0 && errno == EINTR);
  }
  /// Returns the exit status; 128 and more: a signal.
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

private:
  pid_t pid_ = -1;
  int errors_ = -1;
};

} // namespace

double share_in(const std::string& line) {
  const auto percent = line.find(" %");
  if (percent == std::string::npos)
    return -1;
  auto begin = percent;
  while (begin > 0 && line[begin - 1] >= '0' && line[begin - 1] <= '9')
    --begin;
  return begin == percent || percent - begin > 3 ? -1 : std::stod(line.substr(begin, percent - begin)) / 100;
}

namespace {

/// What a run says, piece by piece.
class Said {
public:
  void take(const std::string& piece) {
    for (const char c : piece)
      if (c == '\n' || c == '\r')
        end_line();
      else
        line_ += c;
  }
  void end_line() {
    if (const double now = share_in(line_); now >= 0)
      share_ = now;
    else if (!line_.empty())
      last_ = line_;
    line_.clear();
  }
  [[nodiscard]] double share() const { return share_; }           ///< of the work that is done [0..1]
  [[nodiscard]] const std::string& last() const { return last_; } ///< line that is no progress

private:
  std::string line_, last_;
  double share_ = 0;
};

} // namespace

void run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               const std::function<bool(double)>& progress) {
  Child child(program, arguments);
  std::string piece;
  Said said;
  while (child.read(piece)) {
    said.take(piece);
    if (progress && !progress(said.share()))
      throw Failure("Rendering was stopped. No file has changed.");
  }
  said.end_line();
  if (const int status = child.wait(); status != 0)
    throw Failure(said.last().empty() ? "Rendering failed (status " + std::to_string(status) + ")."
                                      : said.last());
}

} // namespace deid::review
