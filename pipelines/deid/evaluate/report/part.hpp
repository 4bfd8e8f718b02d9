#pragma once
#include <nlohmann/json.hpp>

namespace deid::evaluate {

/// A section of a report, or an empty object; refers to what it was given. (value() of the library makes a
/// copy, and a loop over what is in a copy outlives it.)
inline const nlohmann::ordered_json& part(const nlohmann::ordered_json& of, const char* name) {
  static const nlohmann::ordered_json none = nlohmann::ordered_json::object();
  const auto found = of.find(name);
  return found == of.end() ? none : *found;
}

} // namespace deid::evaluate
