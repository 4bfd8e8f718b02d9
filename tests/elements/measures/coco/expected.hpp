#pragma once
#include "elements/measures/coco/evaluation.hpp"
#include <nlohmann/json.hpp>

namespace deid::test {

/// Looks whether an evaluation (with pairs kept) is what a case's expected.json says: numbers to 1e-9,
/// matches and ignore flags exactly.
void expect_as_pycocotools(const coco::Evaluation& evaluation, const nlohmann::json& expected);

} // namespace deid::test
