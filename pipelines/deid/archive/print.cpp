#include "pipelines/deid/archive/print.hpp"
#include "models/files/sha256.hpp"
#include "pipelines/deid/failure.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <span>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace deid::archive {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t piece = std::size_t{1} << 16U; // [bytes] read at once; also what number_of() looks at

/// An open file for reading.
class OpenFile {
public:
  explicit OpenFile(const fs::path& file) : fd_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0)
      close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  /// Returns how many bytes were read, 0 at the end, -1 on an error.
  ssize_t read(std::span<std::byte> into) const {
    return fd_ < 0 ? -1 : ::read(fd_, into.data(), into.size());
  }
  [[nodiscard]] std::uint64_t size() const {
    struct stat facts {};
    return fd_ >= 0 && fstat(fd_, &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
  }

private:
  int fd_;
};

template <class Value> void add(files::Sha256& sum, const Value& value) {
  sum.add(std::as_bytes(std::span(&value, 1)));
}

template <class Number> Number first_bytes(files::Sha256& sum) {
  const auto digest = sum.digest();
  Number number{};
  std::memcpy(&number, digest.data(), sizeof number);
  return number;
}

} // namespace

std::uint32_t stamp_of(const fs::path& file) {
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0)
    throw cli::Failure(file.string() + " cannot be opened (" + std::strerror(errno) + ").");
  files::Sha256 sum;
  add(sum, facts.st_size);
  add(sum, facts.st_ino);
  for (const timespec& time : {facts.st_mtim, facts.st_ctim}) {
    add(sum, time.tv_sec);
    add(sum, time.tv_nsec);
  }
  return first_bytes<std::uint32_t>(sum);
}

Print print_of(const fs::path& file) {
  Print print;
  print.stamp = stamp_of(file); // before the content: a change while it is read is noticed later
  const OpenFile reader(file);
  files::Sha256 sum;
  std::vector<std::byte> buffer(piece);
  for (ssize_t n = 0; (n = reader.read(buffer)) != 0;) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      throw cli::Failure(file.string() + " cannot be read (" + std::strerror(errno) + ").");
    sum.add(std::span(buffer).first(static_cast<std::size_t>(n)));
    print.bytes += static_cast<std::uint64_t>(n);
  }
  print.sha256 = sum.hex();
  return print;
}

bool differs(const fs::path& file, const Print& known, bool& touched) {
  if (stamp_of(file) == known.stamp)
    return false;
  const Print now = print_of(file);
  touched = now.sha256 == known.sha256;
  return !touched;
}

std::uint64_t number_of(const fs::path& file) {
  const OpenFile reader(file);
  files::Sha256 sum;
  std::vector<std::byte> buffer(piece);
  const ssize_t n = reader.read(buffer);
  if (n >= 0) {
    add(sum, reader.size());
    sum.add(std::span(buffer).first(static_cast<std::size_t>(n)));
  } else {
    const std::string name = file.filename().string();
    sum.add(std::as_bytes(std::span(name)));
  }
  return first_bytes<std::uint64_t>(sum);
}

std::string hash_of(const std::string& text) {
  files::Sha256 sum;
  sum.add(std::as_bytes(std::span(text)));
  return sum.hex();
}

} // namespace deid::archive
