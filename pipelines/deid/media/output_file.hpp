#pragma once
#include <filesystem>
#include <string_view>
#include <vector>

namespace deid::cli {

/// A file that gets its name only when it is complete. Until commit() it has no name, or is a hidden
/// temporary beside the target where the file system needs a name. So an error leaves nothing behind, and
/// neither does a kill while the file has no name.
class OutputFile {
public:
  enum class Kind {
    nameless, ///< preferred; the writer gets a path below /proc/self/fd
    named     ///< for writers that open by name; readable only by its owner
  };
  /// Throws Failure: no such directory, not writable, or the target exists without overwrite.
  OutputFile(std::filesystem::path target, bool overwrite, Kind kind = Kind::nameless);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  const std::filesystem::path& target() const { return target_; }
  /// Path for the writer, in UTF-8. Valid in this process while this object lives.
  std::filesystem::path path() const;
  /// For reading back and patching; the same file as path().
  int fd() const { return fd_; }
  /// Makes the content durable and names the file. Throws Failure; then no file has appeared.
  void commit();
  /// Removes what commit() published, because a file that belongs to it could not be published.
  void withdraw() const;

private:
  void open_named();
  void publish(const std::filesystem::path& temporary);
  std::filesystem::path target_, temporary_{};
  bool overwrite_ = false;
  int fd_ = -1;
  int directory_ = -1; ///< open when the directory's name is not UTF-8
};

/// Appends to the file. Throws Failure.
void append_to(const OutputFile& file, std::string_view text);

/// Commits all files in this order, or none: after a failure the published ones are removed. Throws Failure.
void commit_all(const std::vector<OutputFile*>& files);

/// The kernel's rename without replacement. Returns 0, or -1 and errno.
int rename_no_replace(const char* from, const char* to);

/// Renames a file unless the new name exists. Returns false and sets errno then, and on any other failure.
/// When the file system does not support no_replace (EINVAL, as on network file systems), it uses a hard
/// link, and without links a check and a plain rename.
bool rename_new(const std::filesystem::path& from, const std::filesystem::path& to,
                int (*no_replace)(const char*, const char*) = rename_no_replace);

/// Throws Failure when a file of this name must not be made: it exists without overwrite, it is a directory,
/// or its directory is missing.
void check_target(const std::filesystem::path& target, bool overwrite);

} // namespace deid::cli
