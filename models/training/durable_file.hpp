#pragma once
#include "models/files/whole_file.hpp"
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace deid::training {

/// A file of the training cannot be read or written. what() is one sentence that names the file.
class FileError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A WholeFile that only its owner may read and that ends with the sha256 of everything before. Threads: one
/// at a time.
class DurableWriter {
public:
  /// Throws FileError when no file can be made there.
  explicit DurableWriter(std::filesystem::path target);
  ~DurableWriter();
  DurableWriter(const DurableWriter&) = delete;
  DurableWriter& operator=(const DurableWriter&) = delete;

  /// Throws FileError, for example on a full disk; the old file stays.
  void write(std::span<const std::byte> bytes);
  void write(const std::string& text);
  template <class T> void put(const T& value) { write(std::as_bytes(std::span(&value, 1))); }
  /// Throws FileError; the old file then stays.
  void commit();

private:
  struct Checksum;
  std::filesystem::path target_;
  std::optional<files::WholeFile> file_{};
  std::unique_ptr<Checksum> checksum_;
};

/// Reads DurableWriter's files front to back. Threads: one at a time.
class CheckedReader {
public:
  /// Throws FileError when the file is missing or shorter than a checksum.
  explicit CheckedReader(std::filesystem::path file);
  ~CheckedReader();
  CheckedReader(const CheckedReader&) = delete;
  CheckedReader& operator=(const CheckedReader&) = delete;

  /// Number of bytes before the checksum that are not read yet.
  [[nodiscard]] std::uint64_t left() const { return left_; }
  /// Throws FileError when fewer bytes are left.
  void read(std::span<std::byte> bytes);
  std::string text(std::uint64_t length);
  template <class T> T get() {
    T value{};
    read(std::as_writable_bytes(std::span(&value, 1)));
    return value;
  }
  /// Throws FileError unless everything was read and the checksum is right.
  void finish();
  /// Throws FileError "FILE is damaged (why).".
  [[noreturn]] void damaged(const std::string& why) const;

private:
  struct Checksum;
  std::filesystem::path path_;
  std::FILE* file_ = nullptr;
  std::uint64_t left_ = 0;
  std::unique_ptr<Checksum> checksum_;
};

} // namespace deid::training
