#pragma once
#include "models/descriptor/weights.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models {

/// Builds the face recognition network for the engine. Input: 1 x 150 x 150 x 3, f32 RGB 0..255. Output: 1 x
/// 128, f32.
std::shared_ptr<ov::Model> build_descriptor_network(const DescriptorWeights& weights);

} // namespace deid::models
