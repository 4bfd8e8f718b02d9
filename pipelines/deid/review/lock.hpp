#pragma once
#include <filesystem>
#include <string>

namespace deid::review {

/// Keeps a second session away from one video. The kernel frees the lock when the process ends, however it
/// ends. The lock file stays and is empty of meaning without its lock. Children do not inherit it.
class Lock {
public:
  /// Throws Failure, with the name of the holder, when another session has the lock.
  explicit Lock(const std::filesystem::path& file);
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  /// Returns who holds the lock ("name, process N"); empty: nobody. Makes no file.
  static std::string holder(const std::filesystem::path& file);

private:
  int fd_ = -1;
};

} // namespace deid::review
