#pragma once
#include "models/autoencoder/network_spec.hpp"
#include <torch/torch.h>
#include <vector>

namespace deid::training {

/// One half of a network: the encoder, or a decoder.
class PartImpl : public torch::nn::Module {
public:
  /// Weights: he_uniform for convolutions, glorot_uniform for dense layers; biases 0 (Keras' defaults). From
  /// torch's generator: seed it before.
  PartImpl(const models::autoencoder::Network& network,
           const std::vector<models::autoencoder::Layer>& layers);
  /// N x 3 x S x S [0..1] to N x C x b x b for the encoder; the other way round for a decoder.
  torch::Tensor forward(torch::Tensor x);

private:
  struct Weights {
    models::autoencoder::Layer layer{};
    torch::Tensor weight{}, bias{};
  };
  int bottom_size_, bottom_channels_;
  std::vector<Weights> layers_{};
};
TORCH_MODULE(Part);

/// The shared encoder and both decoders. Parameters bear the names that models::autoencoder::tensors() lists.
class AutoencoderImpl : public torch::nn::Module {
public:
  explicit AutoencoderImpl(const models::autoencoder::Network& network);
  Part encoder{nullptr}, decoder_target{nullptr}, decoder_subject{nullptr};
};
TORCH_MODULE(Autoencoder);

} // namespace deid::training
