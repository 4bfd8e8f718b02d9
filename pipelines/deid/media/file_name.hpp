#pragma once
#include <filesystem>
#include <string>

namespace deid::cli {

/// Whether GStreamer's properties can hold this text. They refuse text that is not UTF-8, such as Latin-1
/// file names from old systems.
bool is_utf8(const std::string& text);

/// A file under a name that every property can hold. When its own name is not UTF-8, this is a name below
/// /proc/self/fd, valid in this process while this object lives.
class ReadableName {
public:
  /// Throws Failure when the file must be opened for this and cannot be.
  explicit ReadableName(const std::filesystem::path& file);
  ~ReadableName();
  ReadableName(const ReadableName&) = delete;
  ReadableName& operator=(const ReadableName&) = delete;
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_{};
  int fd_ = -1;
};

} // namespace deid::cli
