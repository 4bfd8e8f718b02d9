#pragma once
#include "models/autoencoder/file.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models::autoencoder {

/// Builds encoder and target's decoder for the engine. Input and output: 1 x size x size x 3, f32 RGB 0..255.
/// The input's values must be whole numbers, which bf16 holds exactly. Requires a model that passes
/// require_valid(), else std::invalid_argument. Thread: any.
std::shared_ptr<ov::Model> build_autoencoder_network(const Network& network, std::span<const Tensor> tensors);

} // namespace deid::models::autoencoder
