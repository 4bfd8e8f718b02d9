#include "pipelines/deid/media/output_file.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/media/file_name.hpp"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

fs::path directory_of(const fs::path& target) {
  return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

std::string hidden_name(const fs::path& target, const std::string& unique) {
  std::string name = (directory_of(target) / ".").string();
  std::string own = target.filename().string();
  if (!is_utf8(own))
    std::ranges::replace_if(
        own, [](char c) { return static_cast<unsigned char>(c) > 127; }, '_');
  name.append(own).append(".").append(unique).append(".part");
  return name;
}

[[noreturn]] void fail(const fs::path& target, const char* what) {
  throw Failure(target.string() + ": " + what + " (" + std::strerror(errno) + ").");
}

void sync_directory(const fs::path& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
}

} // namespace

void check_target(const fs::path& target, bool overwrite) {
  std::error_code ec;
  if (fs::is_directory(target, ec))
    throw Failure(target.string() + " is a directory; name a file.");
  if (!fs::is_directory(directory_of(target), ec))
    throw Failure("The directory " + directory_of(target).string() + " does not exist.");
  if (access(directory_of(target).c_str(), W_OK | X_OK) != 0)
    throw Failure("The directory " + directory_of(target).string() + " cannot be written to.");
  if (!overwrite && fs::exists(fs::symlink_status(target, ec)))
    throw Failure(target.string() + " exists already. Use --overwrite to replace it.");
}

OutputFile::OutputFile(fs::path target, bool overwrite, Kind kind)
    : target_(std::move(target)), overwrite_(overwrite) {
  check_target(target_, overwrite_);
  if (kind == Kind::nameless)
    fd_ = open(directory_of(target_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
  if (fd_ < 0)
    open_named();
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})),
      overwrite_(other.overwrite_), fd_(std::exchange(other.fd_, -1)),
      directory_(std::exchange(other.directory_, -1)) {}

void OutputFile::open_named() {
  std::string name = hidden_name(target_, "XXXXXX");
  fd_ = mkostemps(name.data(), 5, O_CLOEXEC);
  if (fd_ < 0)
    fail(target_, "no file can be made there");
  temporary_ = name;
  if (!is_utf8(name))
    directory_ = open(directory_of(target_).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

OutputFile::~OutputFile() {
  if (!temporary_.empty())
    unlink(temporary_.c_str());
  for (const int fd : {fd_, directory_})
    if (fd >= 0)
      close(fd);
}

fs::path OutputFile::path() const {
  if (directory_ >= 0)
    return fs::path("/proc/self/fd/" + std::to_string(directory_)) / temporary_.filename();
  return temporary_.empty() ? fs::path("/proc/self/fd/" + std::to_string(fd_)) : temporary_;
}

bool rename_new(const fs::path& from, const fs::path& to, int (*no_replace)(const char*, const char*)) {
  if (no_replace(from.c_str(), to.c_str()) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
    return false;
  if (link(from.c_str(), to.c_str()) == 0) // fails, too, when `to` exists
    return unlink(from.c_str()) == 0;
  if (errno == EEXIST)
    return false;
  std::error_code ec;
  if (fs::exists(fs::symlink_status(to, ec))) {
    errno = EEXIST;
    return false;
  }
  return rename(from.c_str(), to.c_str()) == 0;
}

int rename_no_replace(const char* from, const char* to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

void OutputFile::publish(const fs::path& temporary) {
  const bool done =
      overwrite_ ? rename(temporary.c_str(), target_.c_str()) == 0 : rename_new(temporary, target_);
  if (!done) {
    const int error = errno;
    unlink(temporary.c_str());
    errno = error;
    fail(target_, "the finished file cannot be given its name");
  }
}

void OutputFile::commit() {
  if (!temporary_.empty()) { // the writer may have replaced the file by another of the same name
    const int fd = open(temporary_.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0)
      fail(target_, "the finished file is gone");
    close(fd_);
    fd_ = fd;
  }
  if (fsync(fd_) != 0)
    fail(target_, "the finished file cannot be made durable");
  if (temporary_.empty()) {
    const std::string name = hidden_name(target_, std::to_string(getpid()));
    unlink(name.c_str());
    if (linkat(AT_FDCWD, path().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
      fail(target_, "the finished file cannot be given a name");
    publish(name);
  } else {
    publish(std::exchange(temporary_, {}));
  }
  sync_directory(directory_of(target_));
}

void OutputFile::withdraw() const {
  unlink(target_.c_str());
  sync_directory(directory_of(target_));
}

void append_to(const OutputFile& file, std::string_view text) {
  if (lseek(file.fd(), 0, SEEK_END) < 0)
    fail(file.target(), "the file cannot be written");
  while (!text.empty()) {
    const ssize_t n = write(file.fd(), text.data(), text.size());
    if (n <= 0)
      fail(file.target(), "the file cannot be written");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

void commit_all(const std::vector<OutputFile*>& files) {
  struct Published {
    std::vector<const OutputFile*> all{};
    ~Published() {
      for (const OutputFile* file : all)
        file->withdraw();
    }
  } published;
  for (OutputFile* file : files) {
    file->commit();
    published.all.push_back(file);
  }
  published.all.clear();
}

} // namespace deid::cli
