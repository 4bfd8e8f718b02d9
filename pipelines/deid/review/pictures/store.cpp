#include "pipelines/deid/review/pictures/store.hpp"
#include "pipelines/deid/failure.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace deid::review::page {
namespace {

/// A file of the folder without a name, for its owner only; -1 and errno.
int nameless(const std::filesystem::path& folder) {
  const int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return fd;
  std::string name = (folder / ".deid-review-XXXXXX").string(); // file systems that need a name
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0)
    unlink(name.c_str());
  return named;
}

bool write_at(int fd, const std::string& bytes, std::int64_t place) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = pwrite(fd, bytes.data() + done, bytes.size() - done, place + static_cast<off_t>(done));
    if (n <= 0 && errno != EINTR)
      return false;
    done += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  return true;
}

} // namespace

Store::Store(const std::filesystem::path& folder, std::size_t frames, std::int64_t most)
    : places_(frames), most_(most), fd_(nameless(folder)) {
  if (fd_ < 0)
    throw cli::Failure("Small pictures of the video cannot be kept in " + folder.string() + ": " +
                       std::strerror(errno) + ".");
}

Store::~Store() {
  close(fd_);
}

std::optional<std::string> Store::get(std::size_t frame) const {
  const Place& place = places_[frame];
  std::string picture(place.size, '\0');
  if (place.size == 0 ||
      pread(fd_, picture.data(), picture.size(), place.begin) != static_cast<ssize_t>(place.size))
    return std::nullopt;
  return picture;
}

void Store::forget_oldest() {
  Place& place = places_[kept_.front()];
  fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, place.begin, place.size);
  used_ -= place.size;
  place = {};
  kept_.pop_front();
  full_ = true;
}

bool Store::put(std::size_t frame, const std::string& picture) {
  const auto size = static_cast<std::int64_t>(picture.size());
  while (used_ + size > most_ && !kept_.empty())
    forget_oldest();
  // The blocks of a hole are whole blocks: forgetting a few pictures gives room on a full disk.
  for (int tries = 0; !write_at(fd_, picture, end_); ++tries) {
    full_ = true;
    if (kept_.empty() || tries == 8)
      return false;
    for (int i = 0; i < 16 && !kept_.empty(); ++i)
      forget_oldest();
  }
  places_[frame] = {end_, static_cast<std::uint32_t>(size)};
  end_ += size;
  used_ += size;
  kept_.push_back(static_cast<std::uint32_t>(frame));
  return true;
}

} // namespace deid::review::page
