#pragma once
#include <filesystem>
#include <string>

namespace deid::cli {

/// Whether GStreamer's properties can hold this text: they refuse what is not UTF-8, as names of files from
/// old systems are (Latin-1).
bool is_utf8(const std::string& text);

/// A file under a name that every property can hold: its own, or, where that is not UTF-8, one below
/// /proc/self/fd, which means something in this process only and while this object lives.
class ReadableName {
public:
  /// Throws Failure when the file has to be opened and cannot be.
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
