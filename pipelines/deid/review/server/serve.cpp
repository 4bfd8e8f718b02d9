#include "pipelines/deid/review/server/serve.hpp"
#include "pipelines/deid/review/server/file_desk.hpp"
#include "pipelines/deid/review/server/server.hpp"
#include "pipelines/deid/workplace.hpp"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration)

namespace deid::review::page {
namespace {

volatile std::sig_atomic_t ending = -1; ///< the event that ends serve(); a signal handler knows no object

void on_signal(int) {
  const std::uint64_t one = 1;
  const int saved = errno;
  if (ending >= 0 && write(ending, &one, sizeof one) < 0)
    _exit(1);
  errno = saved;
}

/// Waits for Ctrl-C, or the end of the session.
class Interrupt {
public:
  Interrupt() : fd_(eventfd(0, EFD_CLOEXEC)) {
    ending = fd_;
    struct sigaction action {};
    action.sa_handler = on_signal;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
      sigaction(signal, &action, nullptr);
  }
  ~Interrupt() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
      std::signal(signal, SIG_DFL);
    ending = -1;
    close(fd_);
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  void wait() const {
    pollfd one{.fd = fd_, .events = POLLIN, .revents = 0};
    while (poll(&one, 1, -1) < 0 && errno == EINTR) {
    }
  }

private:
  int fd_;
};

bool has_screen() {
  return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
}

/// Opens a file in the user's browser. Arguments of a program can be read by every user of the machine, so
/// the address stands in a file that only its owner reads.
void show(const std::filesystem::path& file, const std::string& address) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return; // the address is printed, too
  const std::string page = "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url=" + address + "\">";
  const bool whole = write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size());
  close(fd);
  std::string program = "xdg-open", argument = file.string();
  char* const arguments[]{program.data(), argument.data(), nullptr};
  pid_t child = 0;
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  for (const int stream : {1, 2})
    posix_spawn_file_actions_addopen(&quiet, stream, "/dev/null", O_WRONLY, 0);
  if (whole && posix_spawnp(&child, "xdg-open", &quiet, nullptr, arguments, environ) == 0)
    std::thread([child] { waitpid(child, nullptr, 0); }).detach();
  posix_spawn_file_actions_destroy(&quiet);
}

} // namespace

void serve(const std::vector<ServedVideo>& videos, const ServeOptions& options) {
  std::vector<FileDesk::Item> items;
  for (const ServedVideo& video : videos)
    items.push_back({video.name, video.files});
  SessionOptions session;
  session.no_original = options.no_original;
  const Interrupt interrupt;
  FileDesk desk(
      std::move(items), session, options.list ? options.list : [] { return Json::array(); });
  Server server(desk, {.no_original = options.no_original});
  std::thread answering([&server] { server.run(); });
  std::printf(
      "The review is at %s\nThe address works once, on this machine. Every change is saved at once. Ctrl-C "
      "ends the review.\n",
      server.address().c_str());
  std::fflush(stdout);
  std::optional<cli::Workplace> place; // removed at the end
  if (options.browser && has_screen()) {
    place.emplace(std::filesystem::temp_directory_path());
    show(place->path() / "review.html", server.address());
  }
  interrupt.wait();
  server.stop();
  answering.join();
}

} // namespace deid::review::page
