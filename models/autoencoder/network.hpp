#pragma once
#include "models/autoencoder/file.hpp"
#include <memory>

namespace ov {
class Model;
}

namespace deid::models::autoencoder {

/// Encoder and the target's decoder for the engine: 1 x size x size x 3 f32 RGB 0..255 in (whole numbers, so
/// that bf16 takes them as they are), the same 0..255 out. Requires require_valid().
std::shared_ptr<ov::Model> build_autoencoder_network(const Network& network, std::span<const Tensor> tensors);

} // namespace deid::models::autoencoder
