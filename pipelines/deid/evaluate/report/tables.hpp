#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace deid::evaluate {

/// report.json's tables as CSV (RFC 4180), one heading each: file name to content. A cell of what is not
/// known is empty.
std::map<std::string, std::string> tables_of(const nlohmann::ordered_json& report);

} // namespace deid::evaluate
