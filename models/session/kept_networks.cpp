#include "models/session/kept_networks.hpp"
#include "models/files/sha256.hpp"
#include "models/files/whole_file.hpp"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace deid::models {
namespace fs = std::filesystem;
namespace {

constexpr std::array<char, 16> magic{"gst-deid net 01"};
constexpr std::size_t aligned_to = 64;
constexpr const char* ending = ".network";
constexpr mode_t mine_alone = 0600;

/// Start of a file. The key follows, then the bytes at the next multiple of 64.
struct Header {
  std::array<char, 16> magic{};
  std::array<std::byte, files::Sha256::size> sum{}; ///< of the key and the bytes
  std::uint64_t key_size = 0, size = 0;             ///< [bytes]
};

std::size_t first_byte(std::size_t key_size) {
  return (sizeof(Header) + key_size + aligned_to - 1) / aligned_to * aligned_to;
}

std::array<std::byte, files::Sha256::size> sum_of(const std::string& key, std::span<const std::byte> bytes) {
  files::Sha256 sum;
  sum.add(std::as_bytes(std::span(key)));
  sum.add(bytes);
  return sum.digest();
}

/// A file in memory, read only. The memory stays mapped when `keep` was called.
class Mapped {
public:
  explicit Mapped(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
      return;
    struct stat is {};
    const bool trusted = ::fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == ::geteuid() &&
                         (is.st_mode & (S_IWGRP | S_IWOTH)) == 0 && is.st_size > 0;
    if (trusted) {
      void* at = ::mmap(nullptr, static_cast<std::size_t>(is.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
      if (at != MAP_FAILED)
        bytes_ = {static_cast<const std::byte*>(at), static_cast<std::size_t>(is.st_size)};
    }
    ::close(fd);
  }
  ~Mapped() {
    if (!kept_ && !bytes_.empty())
      ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  void keep() { kept_ = true; }
  /// Gives the memory back until the bytes are read again: the engine has its own order of the weights.
  void rest() const { ::madvise(const_cast<std::byte*>(bytes_.data()), bytes_.size(), MADV_DONTNEED); }

private:
  std::span<const std::byte> bytes_{};
  bool kept_ = false;
};

/// Returns the network's bytes in a file; empty when the file is not whole or has another key.
std::span<const std::byte> checked(std::span<const std::byte> file, const std::string& key) {
  Header header;
  if (file.size() < sizeof header)
    return {};
  std::memcpy(&header, file.data(), sizeof header);
  const std::size_t first = first_byte(key.size());
  if (header.magic != magic || header.key_size != key.size() || header.size == 0 || file.size() < first ||
      file.size() - first != header.size ||
      std::memcmp(file.data() + sizeof header, key.data(), key.size()) != 0)
    return {};
  const auto bytes = file.subspan(first);
  return sum_of(key, bytes) == header.sum ? bytes : std::span<const std::byte>();
}

} // namespace

fs::path KeptNetworks::folder_of_user() {
  const auto named = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const std::string chosen = named("DEID_NETWORK_CACHE"); !chosen.empty())
    return chosen == "off" ? fs::path() : fs::path(chosen);
  if (const fs::path cache = named("XDG_CACHE_HOME"); cache.is_absolute())
    return cache / "gst-deid" / "networks";
  if (const fs::path home = named("HOME"); home.is_absolute())
    return home / ".cache" / "gst-deid" / "networks";
  return {};
}

fs::path KeptNetworks::file_of(const std::string& key) const {
  files::Sha256 name;
  name.add(std::as_bytes(std::span(key)));
  return folder_ / (name.hex().substr(0, 32) + ending);
}

bool KeptNetworks::find(const std::string& key,
                        const std::function<void(std::span<const std::byte>)>& use) const {
  if (folder_.empty())
    return false;
  const fs::path file = file_of(key);
  Mapped mapped(file);
  const auto bytes = checked(mapped.bytes(), key);
  if (bytes.empty())
    return false;
  mapped.keep();
  ::utimensat(AT_FDCWD, file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW); // used now, see tidy()
  use(bytes);
  mapped.rest();
  return true;
}

void KeptNetworks::keep(const std::string& key, std::span<const std::byte> bytes) const {
  std::error_code error;
  if (folder_.empty() || (fs::create_directories(folder_, error), error))
    return;
  Header header{.magic = magic, .sum = sum_of(key, bytes), .key_size = key.size(), .size = bytes.size()};
  std::string start(first_byte(key.size()), '\0');
  std::memcpy(start.data(), &header, sizeof header);
  std::copy(key.begin(), key.end(), start.begin() + sizeof header);
  try {
    files::WholeFile file(file_of(key), mine_alone);
    file.write(start);
    file.write(bytes);
    file.commit();
  } catch (const files::WriteError&) {
    return; // a full disk or a folder of somebody else: the next start compiles again
  }
  tidy();
}

void KeptNetworks::tidy() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    const auto time = entry->last_write_time(gone);
    if (!gone && entry->path().extension() == ending)
      all.emplace_back(time, entry->path());
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i + most < all.size(); ++i)
    fs::remove(all[i].second, error);
}

} // namespace deid::models
