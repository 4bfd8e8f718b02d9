#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace deid::models {

/// Bytes are not what they should be; what() says where and why.
class FormatError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Reads what dlib's serialize() writes (dlib/serialize.h, dlib/cuda/tensor.h), front to back. Every function
/// throws FormatError when the bytes end or are of another kind; nothing is allocated on the word of the
/// file. Threads: one at a time. Does not own the bytes.
class DlibStream {
public:
  explicit DlibStream(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// A control byte (bit 7: negative, bits 0-3: how many bytes follow, 1..8), then the magnitude, little
  /// endian.
  std::int64_t integer();
  /// Mantissa and exponent of two, both integers.
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
  /// A tensor of that shape with its data, f32, little endian; all must be finite.
  std::vector<float> tensor(std::span<const std::int64_t, 4> shape, std::string_view what);
  /// Nothing may follow.
  void expect_end();

private:
  std::span<const std::byte> take(std::size_t count);
  [[noreturn]] void refuse(const std::string& why) const;

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0; ///< [byte]
};

} // namespace deid::models
