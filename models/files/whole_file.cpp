#include "models/files/whole_file.hpp"
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <unistd.h>
#include <utility>

namespace deid::files {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t enough = std::size_t{1} << 16U; ///< [bytes] collected before a write
constexpr int most_names = 100;                       ///< attempts, when hidden files of these names exist

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

std::string random_letters(std::random_device& random) {
  std::string letters;
  for (std::uint32_t number = random(); letters.size() < 6; number /= 26)
    letters += static_cast<char>('a' + number % 26);
  return letters;
}

/// A rename is durable only after its folder is synced. Some file systems cannot sync a folder; that is no
/// error.
void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  ::fsync(fd);
  ::close(fd);
}

} // namespace

WholeFile::WholeFile(fs::path target, mode_t mode) : target_(std::move(target)) {
  std::random_device random;
  errno = 0;
  for (int i = 0; fd_ < 0 && i < most_names && (i == 0 || errno == EEXIST); ++i) {
    // without the target's name, which may have the greatest length already
    hidden_ = folder_of(target_) / (".deid-" + random_letters(random) + ".part");
    fd_ = ::open(hidden_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  }
  if (fd_ < 0)
    fail("cannot be made");
}

WholeFile::~WholeFile() {
  if (fd_ >= 0)
    ::close(fd_);
  if (!hidden_.empty())
    ::unlink(hidden_.c_str());
}

void WholeFile::fail(const char* step) const {
  throw WriteError(target_, step, std::strerror(errno));
}

void WholeFile::write(std::span<const std::byte> bytes) {
  waiting_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (waiting_.size() >= enough)
    flush();
}

void WholeFile::flush() {
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    const ssize_t done = ::write(fd_, rest.data(), rest.size());
    if (done < 0 && errno != EINTR)
      fail("cannot be written");
    rest.remove_prefix(done < 0 ? 0 : static_cast<std::size_t>(done));
  }
  waiting_.clear();
}

void WholeFile::commit() {
  flush();
  if (::fsync(fd_) != 0 || ::close(std::exchange(fd_, -1)) != 0)
    fail("cannot be written");
  if (::rename(hidden_.c_str(), target_.c_str()) != 0)
    fail("cannot be given its name");
  hidden_.clear();
  sync_folder(folder_of(target_));
}

void write_whole(const fs::path& file, std::string_view text, mode_t mode) {
  WholeFile whole(file, mode);
  whole.write(text);
  whole.commit();
}

} // namespace deid::files
