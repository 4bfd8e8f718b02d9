#pragma once
// Private to this room. Converts a parsed document.
#include "elements/measures/keypoint_files/coco.hpp"
#include "elements/measures/keypoint_files/json.hpp"

namespace deid::coco {

GroundTruth ground_truth_of(const keypoint_files::Value& root);
std::vector<Detection> detections_of(const keypoint_files::Value& root);

} // namespace deid::coco
