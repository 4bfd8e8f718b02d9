#pragma once
#include <nlohmann/json.hpp>

namespace deid::evaluate {

/// Returns a reference to a section of a report, or to an empty object. The library's value() returns a copy
/// instead, which a loop over its contents would outlive.
inline const nlohmann::ordered_json& part(const nlohmann::ordered_json& of, const char* name) {
  static const nlohmann::ordered_json none = nlohmann::ordered_json::object();
  const auto found = of.find(name);
  return found == of.end() ? none : *found;
}

} // namespace deid::evaluate
