#include "models/descriptor/dlib_stream.hpp"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace deid::models {

namespace {

constexpr std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i)
    value = value << 8U | std::to_integer<std::uint64_t>(bytes[i - 1]);
  return value;
}

} // namespace

void DlibStream::refuse(const std::string& why) const {
  std::string message = "byte ";
  message.append(std::to_string(at_)).append(": ").append(why);
  throw FormatError(message);
}

std::span<const std::byte> DlibStream::take(std::size_t count) {
  if (count > bytes_.size() - at_)
    refuse("the file ends too early");
  const auto taken = bytes_.subspan(at_, count);
  at_ += count;
  return taken;
}

std::int64_t DlibStream::integer() {
  constexpr unsigned negative = 0x80, unused = 0x70, length = 0x0F;
  const auto control = std::to_integer<unsigned>(take(1).front());
  const unsigned count = control & length;
  if ((control & unused) != 0 || count < 1 || count > sizeof(std::uint64_t))
    refuse("no whole number");
  const std::uint64_t magnitude = little_endian(take(count));
  if (magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    refuse("a whole number too large");
  const auto value = static_cast<std::int64_t>(magnitude);
  return (control & negative) != 0 ? -value : value;
}

double DlibStream::number() {
  // dlib writes infinity and NaN with larger exponents; no weight file has them
  constexpr std::int64_t furthest = 1000;
  const std::int64_t mantissa = integer();
  const std::int64_t exponent = integer();
  if (std::abs(exponent) > furthest)
    refuse("no finite number");
  return std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent));
}

bool DlibStream::flag() {
  const auto letter = std::to_integer<char>(take(1).front());
  if (letter != '0' && letter != '1')
    refuse("neither 0 nor 1");
  return letter == '1';
}

void DlibStream::expect_integer(std::int64_t value, std::string_view what) {
  if (const std::int64_t found = integer(); found != value)
    refuse(std::string(what)
               .append(" ")
               .append(std::to_string(found))
               .append(" where ")
               .append(std::to_string(value))
               .append(" is expected"));
}

void DlibStream::expect_integers(std::span<const std::int64_t> values, std::string_view what) {
  for (const std::int64_t value : values)
    expect_integer(value, what);
}

void DlibStream::expect_number(float value, std::string_view what) {
  if (static_cast<float>(number()) != value)
    refuse(std::string(what).append(" is not ").append(std::to_string(value)));
}

void DlibStream::expect_text(std::string_view text) {
  expect_integer(static_cast<std::int64_t>(text.size()), text);
  const auto found = take(text.size());
  if (!std::equal(found.begin(), found.end(), text.begin(),
                  [](std::byte byte, char letter) { return std::to_integer<char>(byte) == letter; }))
    refuse(std::string("no ").append(text));
}

void DlibStream::expect_shape(std::span<const std::int64_t, 4> shape, std::string_view what) {
  expect_integer(1, what);
  expect_integers(shape, what);
}

std::vector<float> DlibStream::tensor(std::span<const std::int64_t, 4> shape, std::string_view what) {
  static_assert(std::endian::native == std::endian::little && std::numeric_limits<float>::is_iec559);
  expect_integer(2, what);
  expect_integers(shape, what);
  const auto data = take(static_cast<std::size_t>(shape[0] * shape[1] * shape[2] * shape[3]) * sizeof(float));
  std::vector<float> values(data.size() / sizeof(float));
  if (!values.empty())
    std::memcpy(values.data(), data.data(), data.size());
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
    refuse(std::string(what).append(" has weights that are not numbers"));
  return values;
}

void DlibStream::expect_end() {
  if (at_ != bytes_.size())
    refuse("more follows where the file should end");
}

} // namespace deid::models
