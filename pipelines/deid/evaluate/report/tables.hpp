#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace deid::evaluate {

/// Returns report.json's tables as CSV (RFC 4180) with one line of headings each: file name to content. The
/// cell of an unknown value is empty.
std::map<std::string, std::string> tables_of(const nlohmann::ordered_json& report);

} // namespace deid::evaluate
