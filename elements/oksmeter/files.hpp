#pragma once
#include "elements/oksmeter/preservation.hpp"

namespace deid::oks {

/// The content of two COCO files, as pycocotools goes through them: images ascending and each once, the last
/// of several annotations with one id for all of them, unknown categories and annotations of unknown images
/// passed over. truth.annotations need areas. preservation: is given the same frames, unless null.
/// passed_over: how many annotations and detections have an image or a category that is not listed, unless
/// null. Throws std::invalid_argument when a detection's image is not in the ground truth.
Evaluation evaluate(const coco::GroundTruth& truth, std::span<const coco::Detection> detections,
                    bool keep_pairs, Preservation* preservation = nullptr,
                    std::size_t* passed_over = nullptr);

} // namespace deid::oks
