#pragma once
#include "elements/measures/coco/preservation.hpp"

namespace deid::coco {

/// Evaluates the content of two COCO files as pycocotools does. Images are taken once each, in ascending
/// order. Of several annotations with one id, the last one replaces the others. Annotations of unknown images
/// or categories are ignored. Requires: truth.annotations have areas. preservation: receives the same frames,
/// when not null. passed_over: receives the number of ignored annotations and detections, when not null.
/// Throws std::invalid_argument when a detection's image is not in the ground truth.
Evaluation evaluate(const GroundTruth& truth, std::span<const Detection> detections, bool keep_pairs,
                    Preservation* preservation = nullptr, std::size_t* passed_over = nullptr);

} // namespace deid::coco
