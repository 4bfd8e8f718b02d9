#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace deid::files {

/// The sha256 of all bytes that were added. Threads: one at a time.
class Sha256 {
public:
  static constexpr std::size_t size = 32; ///< bytes
  Sha256();
  ~Sha256();

  void add(std::span<const std::byte> bytes);
  /// Ends the sum; requires that nothing is added afterwards.
  [[nodiscard]] std::array<std::byte, size> digest();
  /// The same in lower-case hex.
  [[nodiscard]] std::string hex();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace deid::files
