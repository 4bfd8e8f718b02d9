#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace deid::archive {

/// What is remembered of a file, to notice that it changed. Nothing in it dates or names the file.
struct Print {
  std::string sha256{};    ///< of the content, in hex; empty: not known
  std::uint32_t stamp = 0; ///< stamp_of() when the content was read
  std::uint64_t bytes = 0; ///< size of the file
  bool operator==(const Print&) const = default;
};

/// Returns 32 bits of a hash over size, inode and the two times of a file. Equal stamps mean that the file
/// was not touched. The times themselves may be dates of a recording, so they are not kept. Throws
/// cli::Failure.
std::uint32_t stamp_of(const std::filesystem::path& file);

/// Reads the whole file. Throws cli::Failure when it cannot be read.
Print print_of(const std::filesystem::path& file);

/// Whether a file has another content than `known`. Reads the file only when its stamp is another one.
/// `touched` becomes true when the content is the same and the stamp is not. Throws like print_of().
bool differs(const std::filesystem::path& file, const Print& known, bool& touched);

/// Returns a hash of the file's size and first 64 KiB. It is the same on each computer and under each name.
/// Of a file that cannot be read it is a hash of the name.
std::uint64_t number_of(const std::filesystem::path& file);

/// Returns the sha256 of a text, in hex.
std::string hash_of(const std::string& text);

} // namespace deid::archive
