#pragma once
#include <filesystem>
#include <string_view>
#include <vector>

namespace deid::cli {

/// A file that appears under its name only when it is complete. Until commit() it is nameless (or, where the
/// file system cannot do that, a hidden temporary beside the target), so neither an error nor a kill leaves
/// anything behind.
class OutputFile {
public:
  enum class Kind {
    nameless, ///< best; the writer gets a path below /proc/self/fd
    named     ///< for writers that open by name; readable by its owner only
  };
  /// Throws Failure: no such directory, not writable, target exists and overwrite is off.
  OutputFile(std::filesystem::path target, bool overwrite, Kind kind = Kind::nameless);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  const std::filesystem::path& target() const { return target_; }
  /// Where the writer writes, in UTF-8. Valid in this process and while this object lives.
  std::filesystem::path path() const;
  /// For reading back and patching; refers to the same file as path().
  int fd() const { return fd_; }
  /// Makes the content durable and gives it its name. Throws Failure; then nothing has appeared.
  void commit();
  /// Takes back what commit() published, because what belongs to it could not be.
  void withdraw() const;

private:
  void open_named();
  void publish(const std::filesystem::path& temporary);
  std::filesystem::path target_, temporary_{};
  bool overwrite_ = false;
  int fd_ = -1;
  int directory_ = -1; ///< open where the directory's name is not UTF-8
};

/// Writes behind what the file holds. Throws Failure.
void append_to(const OutputFile& file, std::string_view text);

/// Commits all of them in this order, or none: takes back what was published when one after it cannot be.
/// Throws Failure.
void commit_all(const std::vector<OutputFile*>& files);

/// The kernel's rename that replaces nothing; 0, or -1 and errno.
int rename_no_replace(const char* from, const char* to);

/// Renames a file unless there is one of the new name; false and errno then, and on any other failure.
/// Network and foreign file systems do not know no_replace (EINVAL): a link takes its place, and where there
/// are no links a look and a rename.
bool rename_new(const std::filesystem::path& from, const std::filesystem::path& to,
                int (*no_replace)(const char*, const char*) = rename_no_replace);

/// Throws Failure when a file of this name must not be made: exists without overwrite, is a directory, no
/// directory to put it in.
void check_target(const std::filesystem::path& target, bool overwrite);

} // namespace deid::cli
