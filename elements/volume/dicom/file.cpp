#include "elements/volume/dicom/file.hpp"
#include <algorithm>
#include <array>

namespace deid::dicom {

namespace {

constexpr std::size_t preamble = 128;
constexpr Tag item = 0xfffee000, item_end = 0xfffee00d, sequence_end = 0xfffee0dd;
constexpr Tag syntax_tag = 0x00020010;
constexpr std::uint32_t undefined = 0xffffffff;
constexpr int deepest = 16; ///< sequences in sequences
constexpr std::string_view implicit_syntax = "1.2.840.10008.1.2", explicit_syntax = "1.2.840.10008.1.2.1";

/// JPEG, JPEG-LS, JPEG 2000 and RLE. Lossy ones say so in the dataset (0028,2110).
constexpr std::array<std::string_view, 10> packed{"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
                                                  "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
                                                  "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81",
                                                  "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
                                                  "1.2.840.10008.1.2.5",    ""};

bool is_wide(std::string_view vr) {
  constexpr std::array<std::string_view, 13> wide{"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                  "SV", "UC", "UN", "UR", "UT", "UV"};
  return std::ranges::find(wide, vr) != wide.end();
}

class Walk {
public:
  Walk(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  [[nodiscard]] bool ended() const { return at_ == bytes_.size(); }
  [[nodiscard]] std::uint32_t group() {
    const std::size_t before = at_;
    const std::uint32_t group = number(2);
    at_ = before;
    return group;
  }

  std::pair<Tag, Value> element(bool with_vr) {
    const Head head = this->head(with_vr);
    if (head.tag == item || head.tag == item_end || head.tag == sequence_end)
      throw FormatError("an item stands outside of a sequence");
    Value value{head.vr, {}, head.length == undefined || head.vr == "SQ"};
    if (head.length != undefined)
      value.bytes = take(head.length);
    else if (head.tag == pixel_data)
      fragments();
    else
      items(with_vr && head.vr != "UN", bytes_.size(), true, 0);
    return {head.tag, std::move(value)};
  }

private:
  struct Head {
    Tag tag = 0;
    std::string vr{};
    std::uint32_t length = 0;
  };

  Head head(bool with_vr) {
    Head head;
    const std::uint32_t group = number(2);
    head.tag = group << 16U | number(2);
    const bool mark = group == 0xfffe; // items have no value representation
    if (mark || !with_vr) {
      head.length = number(4);
      return head;
    }
    head.vr = take(2);
    if (!std::ranges::all_of(head.vr, [](char c) { return c >= 'A' && c <= 'Z'; }))
      throw FormatError("an attribute has no value representation");
    if (!is_wide(head.vr)) {
      head.length = number(2);
      return head;
    }
    (void)number(2);
    head.length = number(4);
    return head;
  }

  /// Items up to `end`, or up to the mark that ends an open sequence.
  void items(bool with_vr, std::size_t end, bool open, int depth) {
    if (depth > deepest)
      throw FormatError("its sequences are too deep");
    while (open || at_ < end) {
      const Head one = head(false);
      if (open && one.tag == sequence_end)
        return;
      if (one.tag != item)
        throw FormatError("a sequence holds something else than items");
      if (one.length != undefined)
        (void)take(one.length);
      else
        open_item(with_vr, depth);
    }
  }

  void open_item(bool with_vr, int depth) {
    for (;;) {
      const Head one = head(with_vr);
      if (one.tag == item_end)
        return;
      if (one.length != undefined)
        (void)take(one.length);
      else
        items(with_vr && one.vr != "UN", bytes_.size(), true, depth + 1);
    }
  }

  void fragments() {
    for (;;) {
      const Head one = head(false);
      if (one.tag == sequence_end)
        return;
      if (one.tag != item || one.length == undefined)
        throw FormatError("its packed picture is damaged");
      (void)take(one.length);
    }
  }

  std::string take(std::size_t count) {
    if (count > bytes_.size() - at_)
      throw FormatError("it ends too early");
    at_ += count;
    return std::string(bytes_.substr(at_ - count, count));
  }
  std::uint32_t number(std::size_t count) {
    const std::string raw = take(count);
    std::uint32_t value = 0;
    for (std::size_t i = count; i-- > 0;)
      value = value << 8U | static_cast<unsigned char>(raw[i]);
    return value;
  }

  std::string_view bytes_;
  std::size_t at_;
};

std::string low_first(std::uint64_t value, int count) {
  std::string raw;
  for (int i = 0; i < count; ++i)
    raw += static_cast<char>(value >> (8 * i) & 255U);
  return raw;
}

void add(Dataset& set, std::pair<Tag, Value> one) {
  if (!set.insert(std::move(one)).second)
    throw FormatError("an attribute stands in it twice");
}

std::string syntax_of(const Dataset& meta) {
  const auto found = meta.find(syntax_tag);
  std::string syntax = found == meta.end() ? "" : found->second.bytes;
  while (!syntax.empty() && (syntax.back() == '\0' || syntax.back() == ' '))
    syntax.pop_back();
  return syntax;
}

} // namespace

bool is_packed(std::string_view syntax) {
  return !syntax.empty() && std::ranges::find(packed, syntax) != packed.end();
}

File parse(std::string_view bytes) {
  constexpr std::string_view mark = "DICM";
  if (bytes.size() < preamble + mark.size() || bytes.substr(preamble, mark.size()) != mark)
    throw FormatError("it is no DICOM file");
  Walk walk(bytes, preamble + mark.size());
  Dataset meta;
  while (!walk.ended() && walk.group() == 2)
    add(meta, walk.element(true));
  File file;
  file.syntax = syntax_of(meta);
  if (file.syntax != implicit_syntax && file.syntax != explicit_syntax && !is_packed(file.syntax))
    throw FormatError("its transfer syntax (" + file.syntax + ") is not supported");
  while (!walk.ended())
    add(file.set, walk.element(file.syntax != implicit_syntax));
  return file;
}

std::string to_bytes(Tag tag, const Value& value) {
  std::string bytes = value.bytes;
  if (bytes.size() % 2 != 0)
    bytes += value.vr == "UI" || value.vr == "OB" ? '\0' : ' ';
  const std::string head = low_first(tag >> 16U, 2) + low_first(tag & 0xffffU, 2) + value.vr;
  if (is_wide(value.vr))
    return head + low_first(0, 2) + low_first(bytes.size(), 4) + bytes;
  return head + low_first(bytes.size(), 2) + bytes;
}

std::string to_bytes(const Dataset& set) {
  const auto value_of = [&](Tag tag) { return set.contains(tag) ? set.at(tag).bytes : ""; };
  const Dataset meta{{0x00020001, {"OB", std::string("\0\1", 2)}},
                     {0x00020002, {"UI", value_of(0x00080016)}},
                     {0x00020003, {"UI", value_of(0x00080018)}},
                     {syntax_tag, {"UI", std::string(explicit_syntax)}},
                     // the program, not its machine: a UID under 2.25, drawn once for gst-deid
                     {0x00020012, {"UI", "2.25.219483915377201894653086542215836421178"}}};
  std::string rest, all(preamble, '\0');
  for (const auto& [tag, value] : meta)
    rest += to_bytes(tag, value);
  all += "DICM" + to_bytes(0x00020000, {"UL", low_first(rest.size(), 4)}) + rest;
  for (const auto& [tag, value] : set)
    all += to_bytes(tag, value);
  return all;
}

} // namespace deid::dicom
