#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/types.h>

/// Files that are written whole or not at all.
namespace deid::files {

/// A file cannot be written.
class WriteError : public std::runtime_error {
public:
  /// step: half a sentence, "cannot be written". cause: the system's words, "No space left on device".
  WriteError(const std::filesystem::path& file, std::string step, std::string cause)
      : std::runtime_error(file.string() + " " + step + ": " + cause + "."), step_(std::move(step)),
        cause_(std::move(cause)) {}
  [[nodiscard]] const std::string& step() const { return step_; }
  [[nodiscard]] const std::string& cause() const { return cause_; }

private:
  std::string step_, cause_;
};

/// A file that appears under its name with all of its content, or not at all. The content goes into a hidden
/// file in the same folder. commit() syncs that file, gives it the name, and syncs the folder. Without
/// commit(), the destructor removes the hidden file, and a file that had the name before stays. A kill can
/// leave the hidden file. Not thread-safe.
class WholeFile {
public:
  /// mode: permissions of the file; the umask is removed from them. Throws WriteError.
  explicit WholeFile(std::filesystem::path target, mode_t mode = 0666);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// Throws WriteError.
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  /// Ends the file; requires that nothing is written afterwards. Throws WriteError.
  void commit();

private:
  void flush();
  [[noreturn]] void fail(const char* step) const;

  std::filesystem::path target_, hidden_{};
  std::string waiting_{}; ///< bytes that are not in the hidden file yet
  int fd_ = -1;
};

/// The same for a complete text. Throws WriteError.
void write_whole(const std::filesystem::path& file, std::string_view text, mode_t mode = 0666);

} // namespace deid::files
