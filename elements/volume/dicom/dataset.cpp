#include "elements/volume/dicom/dataset.hpp"
#include "elements/volume/dicom/kept.hpp"
#include "models/files/sha256.hpp"
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <random>
#include <span>
#include <sstream>

namespace deid::dicom {

namespace {

constexpr Tag image_type = 0x00080008, codes = 0x00120064;

std::string name_of(Tag tag) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04x,%04x", tag >> 16U, tag & 0xffffU);
  return text.data();
}

std::string without_fill(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
    text.pop_back();
  return text;
}

/// A number that nobody outside this process knows.
const std::array<std::byte, files::Sha256::size>& secret() {
  static const auto drawn = [] {
    std::random_device device; // the system's own source
    std::array<std::byte, files::Sha256::size> bytes{};
    std::ranges::generate(bytes, [&] { return static_cast<std::byte>(device() & 255U); });
    return bytes;
  }();
  return drawn;
}

/// The decimal digits of a number of 16 bytes, the highest first.
std::string decimal(std::array<unsigned, 16> bytes) {
  std::string digits;
  while (std::ranges::any_of(bytes, [](unsigned byte) { return byte != 0; })) {
    unsigned rest = 0;
    for (unsigned& byte : bytes) {
      const unsigned value = rest * 256 + byte;
      byte = value / 10;
      rest = value % 10;
    }
    digits.insert(digits.begin(), static_cast<char>('0' + rest));
  }
  return digits.empty() ? "0" : digits;
}

/// An item of a sequence: one code of the standard's own dictionary.
std::string code(const char* value, const char* meaning) {
  const std::string content = to_bytes(0x00080100, {"SH", value}) + to_bytes(0x00080102, {"SH", "DCM"}) +
                              to_bytes(0x00080104, {"LO", meaning});
  std::string item("\xfe\xff\x00\xe0", 4);
  for (int i = 0; i < 4; ++i)
    item += static_cast<char>(content.size() >> (8 * i) & 255U);
  return item + content;
}

/// The value without what fills it up; numbers have nothing of that kind.
std::string value_of(const Value& value, const Attribute& row) {
  return std::strcmp(row.vr, "US") == 0 ? value.bytes : without_fill(value.bytes);
}

void take_over(Dataset& to, Tag tag, const Value& value, const Attribute& row,
               std::set<std::string>& dropped) {
  const std::string text = value.sequence ? "" : value_of(value, row);
  if (row.rule == Rule::keep && !value.sequence && fits(row.vr, text))
    put(to, tag, row.vr, text);
  else if (row.rule == Rule::renew && !text.empty())
    put(to, tag, row.vr, renewed(text));
  else if (row.rule != Rule::own && (!text.empty() || value.sequence))
    dropped.insert(name_of(tag));
}

} // namespace

std::string text_of(const Dataset& set, Tag tag) {
  return set.contains(tag) ? without_fill(set.at(tag).bytes) : "";
}

std::vector<double> numbers_of(const Dataset& set, Tag tag) {
  std::vector<double> numbers;
  std::istringstream parts(text_of(set, tag));
  for (std::string part; std::getline(parts, part, '\\');) {
    std::erase(part, ' ');
    const char* first = part.data() + (part.starts_with('+') ? 1 : 0);
    double number = 0;
    const auto [end, error] = std::from_chars(first, part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size())
      return {};
    numbers.push_back(number);
  }
  return numbers;
}

std::optional<int> short_of(const Dataset& set, Tag tag) {
  const std::string raw = set.contains(tag) ? set.at(tag).bytes : "";
  if (raw.size() != 2)
    return std::nullopt;
  return static_cast<unsigned char>(raw[0]) + 256 * static_cast<unsigned char>(raw[1]);
}

void put(Dataset& set, Tag tag, const char* vr, std::string value) {
  set[tag] = {vr, std::move(value)};
}

std::string renewed(const std::string& uid) {
  files::Sha256 sum;
  sum.add(secret());
  sum.add(std::as_bytes(std::span(uid)));
  const auto digest = sum.digest();
  std::array<unsigned, 16> number{};
  std::ranges::transform(std::span(digest).first<16>(), number.begin(),
                         [](std::byte byte) { return std::to_integer<unsigned>(byte); });
  return "2.25." + decimal(number); // PS3.5, B.2: the root for numbers that are drawn
}

Dataset cleaned(const Dataset& set, std::set<std::string>& dropped, std::size_t& private_attributes) {
  Dataset to;
  for (const Attribute& row : all_attributes())
    if (row.rule == Rule::empty)
      put(to, static_cast<Tag>(row.group) << 16U | row.element, row.vr, "");
  for (const auto& [tag, value] : set) {
    const auto group = static_cast<std::uint16_t>(tag >> 16U), element = static_cast<std::uint16_t>(tag);
    const Attribute* row = attribute_of(group, element);
    if (row != nullptr)
      take_over(to, tag, value, *row, dropped);
    else if (group % 2 == 1)
      ++private_attributes;
    else if (element != 0 && tag != pixel_data && (!value.bytes.empty() || value.sequence))
      dropped.insert(name_of(tag));
  }
  return to;
}

namespace {

/// Whether cleaned() could have left this value.
bool stays(const Attribute& row, const std::string& value) {
  if (row.rule == Rule::keep)
    return fits(row.vr, value);
  return row.rule == Rule::renew ? value.starts_with("2.25.") : row.rule == Rule::empty && value.empty();
}

} // namespace

std::string unlisted(const Dataset& set) {
  for (const auto& [tag, value] : set) {
    const Attribute* row =
        attribute_of(static_cast<std::uint16_t>(tag >> 16U), static_cast<std::uint16_t>(tag));
    if (row == nullptr || value.sequence || !stays(*row, value_of(value, *row)))
      return name_of(tag);
  }
  return "";
}

void say_what_was_done(Dataset& set, const Stamp& stamp) {
  put(set, 0x00120062, "CS", "YES");
  put(set, 0x00120063, "LO",
      stamp.face_changed ? "gst-deid: listed attributes kept; other face"
                         : "gst-deid: listed attributes kept");
  std::string done = code("113100", "Basic Application Confidentiality Profile");
  if (stamp.face_changed) {
    done += code("113102", "Clean Recognizable Visual Features Option");
    put(set, 0x00280302, "CS", "NO");
  }
  set[codes] = {"SQ", std::move(done), true};
  put(set, 0x00280301, "CS", "NO");
  std::string type = text_of(set, image_type);
  if (type.starts_with("ORIGINAL"))
    put(set, image_type, "CS", "DERIVED" + type.substr(std::strlen("ORIGINAL")));
}

} // namespace deid::dicom
