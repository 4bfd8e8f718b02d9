#pragma once
#include "models/autoencoder/network_spec.hpp"
#include <torch/torch.h>
#include <vector>

namespace deid::training {

/// One half of a network: the encoder, or a decoder.
class PartImpl : public torch::nn::Module {
public:
  /// Initial weights are Keras' defaults: he_uniform for convolutions, glorot_uniform for dense layers,
  /// biases 0. They come from torch's generator, which the caller seeds.
  PartImpl(const models::autoencoder::Network& network,
           const std::vector<models::autoencoder::Layer>& layers);
  /// Encoder: N x 3 x S x S [0..1] to N x C x b x b. Decoder: the reverse.
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

/// The shared encoder and both decoders. The parameters have the names of models::autoencoder::tensors().
class AutoencoderImpl : public torch::nn::Module {
public:
  explicit AutoencoderImpl(const models::autoencoder::Network& network);
  Part encoder{nullptr}, decoder_target{nullptr}, decoder_subject{nullptr};
};
TORCH_MODULE(Autoencoder);

} // namespace deid::training
