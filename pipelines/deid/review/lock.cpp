#include "pipelines/deid/review/lock.hpp"
#include "pipelines/deid/failure.hpp"
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <glib.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace deid::review {

namespace {

std::string text_in(int fd) {
  std::array<char, 200> text{};
  const ssize_t n = pread(fd, text.data(), text.size(), 0);
  std::string said(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  for (char& c : said)
    if (static_cast<unsigned char>(c) < ' ')
      c = ' ';
  return said.empty() ? "another session" : said;
}

} // namespace

Lock::Lock(const std::filesystem::path& file) {
  fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0)
    throw cli::Failure("The lock " + file.string() + " cannot be made: " + std::strerror(errno) + ".");
  bool taken = flock(fd_, LOCK_EX | LOCK_NB) != 0;
  for (int i = 0; taken && i < 5; ++i) { // a list of the folder holds it for a moment
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    taken = flock(fd_, LOCK_EX | LOCK_NB) != 0;
  }
  if (taken) {
    const std::string who = text_in(fd_);
    close(fd_);
    throw cli::Failure("This video is open in another session (" + who +
                       "). Close it there, or take another video.");
  }
  const std::string me = std::string(g_get_user_name()) + ", process " + std::to_string(getpid());
  if (ftruncate(fd_, 0) != 0 || pwrite(fd_, me.data(), me.size(), 0) < 0) {
    // a full disk: the lock holds all the same, only the name is missing
  }
}

Lock::~Lock() {
  close(fd_);
}

std::string Lock::holder(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return {};
  const bool taken = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const std::string who = taken ? text_in(fd) : "";
  close(fd);
  return who;
}

} // namespace deid::review
