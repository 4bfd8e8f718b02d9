#pragma once
// Private to this room: strict reading of JSON with simdjson (fast, exact doubles, bounded depth, checked
// UTF-8). Every value keeps its place in the file, so that a refusal can name it.
#include "elements/measures/keypoint_files/error.hpp"
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace deid::keypoint_files {

/// The place of a value: a chain of steps on the stack. Its text is made only for an error.
class Place {
public:
  /// file: its name as the user gave it. line: [1..] of a file of JSON lines, 0 otherwise.
  explicit Place(const std::string& file, std::size_t line = 0) : file_(&file), index_(line) {}
  /// The steps keep pointers: a step must not outlive the place it starts from.
  [[nodiscard]] Place member(std::string_view key) const { return {*this, key, 0}; }
  [[nodiscard]] Place item(std::size_t index) const { return {*this, {}, index}; }
  /// Throws FileError: "FILE: PLACE WHY."
  [[noreturn]] void refuse(const std::string& why) const;

private:
  Place(const Place& up, std::string_view key, std::size_t index)
      : file_(up.file_), up_(&up), key_(key), index_(index) {}
  [[nodiscard]] std::string text() const;

  const std::string* file_;
  const Place* up_ = nullptr;
  std::string_view key_{};
  std::size_t index_ = 0;
};

/// One value and its place. Every getter throws FileError when the value has another type.
class Value {
public:
  Value(simdjson::dom::element element, const Place& place) : element_(element), place_(&place) {}
  [[nodiscard]] double number() const; ///< finite
  /// A whole number of 64 bits; 3.0 is one, too.
  [[nodiscard]] std::int64_t integer() const;
  /// A number or true or false, as flags are written: whether it is not zero.
  [[nodiscard]] bool flag() const;
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] simdjson::dom::array array() const;
  [[nodiscard]] simdjson::dom::object object() const;
  [[nodiscard]] bool is_null() const { return element_.is_null(); }
  [[nodiscard]] bool is_array() const { return element_.is_array(); }
  [[nodiscard]] const Place& place() const { return *place_; }

private:
  simdjson::dom::element element_;
  const Place* place_;
};

/// The requested members of an object. Other members are skipped. A member that occurs twice is refused,
/// because it is ambiguous.
template <std::size_t N> class Members {
public:
  using Names = std::array<std::string_view, N>;

  Members(const Value& object, const Names& names) : names_(&names), place_(&object.place()) {
    for (const auto& [key, value] : object.object())
      for (std::size_t i = 0; i < N; ++i)
        if (key == names[i]) {
          if (found_[i])
            place_->member(key).refuse("occurs twice");
          found_[i] = value;
        }
  }
  [[nodiscard]] bool has(std::size_t i) const { return found_[i].has_value(); }
  [[nodiscard]] Place place(std::size_t i) const { return place_->member((*names_)[i]); }
  /// place: place(i), kept by the caller while the value is used.
  [[nodiscard]] Value get(std::size_t i, const Place& place) const {
    if (!found_[i])
      place.refuse("is missing");
    return {*found_[i], place};
  }
  [[nodiscard]] double number(std::size_t i) const { return get(i, place(i)).number(); }
  [[nodiscard]] std::int64_t integer(std::size_t i) const { return get(i, place(i)).integer(); }

private:
  const Names* names_;
  const Place* place_;
  std::array<std::optional<simdjson::dom::element>, N> found_{};
};

/// The bytes of a file, and a parser for them. Throws FileError when it cannot be read or is above 2 GiB.
class Document {
public:
  explicit Document(const std::filesystem::path& file);
  /// The same from memory. name: appears in errors as the file's name.
  Document(std::string_view text, std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// The whole file as one value. Throws FileError with line and column. Valid until the next parse.
  simdjson::dom::element parse();
  /// The same for a part of bytes(), which is line `line` [1..].
  simdjson::dom::element parse_line(std::string_view part, std::size_t line);
  /// As parse(), but nothing instead of an exception.
  std::optional<simdjson::dom::element> try_parse(std::string_view part);

private:
  [[noreturn]] void refuse(std::string_view part, std::size_t line, simdjson::error_code why) const;

  std::string name_;
  simdjson::padded_string content_{};
  std::string_view bytes_{}; ///< of content_, without a byte order mark
  simdjson::dom::parser parser_{};
};

} // namespace deid::keypoint_files
