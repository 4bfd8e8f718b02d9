#pragma once
#include "elements/measures/coco/evaluation.hpp"
#include <nlohmann/json.hpp>

namespace deid::test {

/// Compares an evaluation (with pairs kept) with a case's expected.json: numbers to 1e-9,
/// matches and ignore flags exactly.
void expect_as_pycocotools(const coco::Evaluation& evaluation, const nlohmann::json& expected);

} // namespace deid::test
