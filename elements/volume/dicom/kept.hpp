#pragma once
#include <cstdint>
#include <string_view>

/// Which attributes of a DICOM dataset a de-identified file has. All others end in the source. Plain C++.
namespace deid::dicom {

enum class Rule : std::uint8_t {
  keep,  ///< a number, a code word or the UID of a standard; see fits()
  renew, ///< a UID of its own for every old one
  empty, ///< the standard wants it, and allows it to be empty
  own    ///< says that the file was de-identified
};

struct Attribute {
  std::uint16_t group = 0, element = 0;
  char vr[3] = ""; ///< value representation
  Rule rule = Rule::keep;
};

/// The attribute's row; nullptr when it ends in the source.
[[nodiscard]] const Attribute* attribute_of(std::uint16_t group, std::uint16_t element);
/// All rows, by tag.
struct Attributes {
  const Attribute *first, *last;
  [[nodiscard]] const Attribute* begin() const { return first; }
  [[nodiscard]] const Attribute* end() const { return last; }
};
[[nodiscard]] Attributes all_attributes();

/// Whether a value is what its representation allows, so that no sentence and no name stands in it.
[[nodiscard]] bool fits(std::string_view vr, std::string_view value);

} // namespace deid::dicom
