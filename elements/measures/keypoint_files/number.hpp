#pragma once
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace deid::keypoint_files {

/// Appends the shortest decimal text that reads back as the same value. The locale has no influence. Throws
/// std::invalid_argument on NaN and infinity, which JSON does not have.
template <class Number> void append_number(std::string& to, Number number) {
  if constexpr (std::is_floating_point_v<Number>)
    if (!std::isfinite(number))
      throw std::invalid_argument("a number to be written is not finite");
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  to.append(text, end);
}

} // namespace deid::keypoint_files
