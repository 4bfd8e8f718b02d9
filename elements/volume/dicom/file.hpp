#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

/// DICOM files after PS3.5 and PS3.10, as far as a slice needs them. Plain C++.
namespace deid::dicom {

/// A file cannot be used. what() is half a sentence: "it ends too early".
class FormatError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// group << 16 | element.
using Tag = std::uint32_t;
constexpr Tag pixel_data = 0x7fe00010;

struct Value {
  std::string vr{};      ///< value representation; empty in a file that does not say it (implicit)
  std::string bytes{};   ///< as stored; of a sequence, nothing
  bool sequence = false; ///< items, or fragments of a packed picture
};

/// The outermost attributes. What sequences hold is walked over and not read.
using Dataset = std::map<Tag, Value>;

struct File {
  std::string syntax{}; ///< UID of the transfer syntax
  Dataset set{};
};

/// Little-endian datasets, with and without value representations. Throws FormatError: no DICOM, a length
/// that leaves the file or its sequence, an attribute that stands twice, another transfer syntax.
[[nodiscard]] File parse(std::string_view bytes);

/// The file of a dataset, not packed, with value representations. Requires: each value has one; a sequence's
/// bytes are its items.
[[nodiscard]] std::string to_bytes(const Dataset& set);

/// One attribute with its value representation, filled up to an even number of bytes.
[[nodiscard]] std::string to_bytes(Tag tag, const Value& value);

/// Whether pixels of this transfer syntax are packed, so that a library must unpack them.
[[nodiscard]] bool is_packed(std::string_view syntax);

} // namespace deid::dicom
