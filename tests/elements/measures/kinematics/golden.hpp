#pragma once
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace deid::kinematics::test {

/// Cases of one kind from golden/golden.json (SciPy's and Pingouin's answers).
inline nlohmann::json golden(const char* kind) {
  std::ifstream in(std::string(DEID_SOURCE_DIR) + "/tests/elements/measures/kinematics/golden/golden.json");
  return nlohmann::json::parse(in).at(kind);
}

inline std::vector<double> list(const nlohmann::json& values) {
  return values.get<std::vector<double>>();
}

} // namespace deid::kinematics::test
