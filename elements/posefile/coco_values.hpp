#pragma once
// Private to this room: the same from a document that is parsed already.
#include "elements/posefile/coco.hpp"
#include "elements/posefile/json.hpp"

namespace deid::coco {

GroundTruth ground_truth_of(const posefile::Value& root);
std::vector<Detection> detections_of(const posefile::Value& root);

} // namespace deid::coco
