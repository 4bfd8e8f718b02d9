#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace deid::models {

/// The bytes do not have the expected format; what() says where and why.
class FormatError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Reads the format of dlib's serialize() (dlib/serialize.h, dlib/cuda/tensor.h), front to back. Every
/// function throws FormatError when the bytes end or are of another kind. A size in the file alone never
/// causes an allocation. Threads: one at a time. Does not own the bytes.
class DlibStream {
public:
  explicit DlibStream(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// A control byte (bit 7: negative, bits 0-3: number of bytes that follow, 1..8), then the magnitude,
  /// little endian.
  std::int64_t integer();
  /// Mantissa and binary exponent, both as integers.
  double number();
  /// '0' or '1'.
  bool flag();

  void expect_integer(std::int64_t value, std::string_view what);
  void expect_integers(std::span<const std::int64_t> values, std::string_view what);
  void expect_number(float value, std::string_view what);
  /// A text: its length, then its characters.
  void expect_text(std::string_view text);
  /// Four dimensions (samples, channels, rows, columns), without data.
  void expect_shape(std::span<const std::int64_t, 4> shape, std::string_view what);
  /// A tensor of that shape with its data: f32, little endian, all finite.
  std::vector<float> tensor(std::span<const std::int64_t, 4> shape, std::string_view what);
  /// Throws when bytes follow.
  void expect_end();

private:
  std::span<const std::byte> take(std::size_t count);
  [[noreturn]] void refuse(const std::string& why) const;

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0; ///< [byte]
};

} // namespace deid::models
