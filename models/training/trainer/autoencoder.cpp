#include "models/training/trainer/autoencoder.hpp"
#include <cmath>

namespace deid::training {

using models::autoencoder::Layer;
using models::autoencoder::Network;
namespace nn = torch::nn::functional;

namespace {

std::vector<std::int64_t> shape_of(const Layer& layer) {
  const auto shape = layer.weight_shape();
  return {shape.begin(), shape.end()};
}

/// Uniform in [-limit, limit]: he_uniform sqrt(6 / fan in), glorot_uniform sqrt(6 / (fan in + fan out)).
torch::Tensor initial(const Layer& layer) {
  const std::vector<std::int64_t> shape = shape_of(layer);
  const double taps = static_cast<double>(layer.kernel) * layer.kernel;
  const double in = layer.inputs * taps, out = static_cast<double>(shape[0]) * taps;
  const bool glorot = layer.kind == Layer::Kind::dense || layer.kind == Layer::Kind::output;
  const double limit = std::sqrt(6 / (glorot ? in + out : in));
  torch::Tensor weight = torch::empty(shape);
  torch::NoGradGuard fixed;
  weight.uniform_(-limit, limit);
  return weight;
}

} // namespace

PartImpl::PartImpl(const Network& network, const std::vector<Layer>& layers)
    : bottom_size_(network.bottom_size), bottom_channels_(network.bottom_channels) {
  for (const Layer& layer : layers) {
    const auto own = register_module(layer.name, std::make_shared<torch::nn::Module>(layer.name));
    layers_.push_back(
        {layer, own->register_parameter("weight", initial(layer)),
         own->register_parameter("bias", torch::zeros(static_cast<std::int64_t>(layer.biases())))});
  }
}

torch::Tensor PartImpl::forward(torch::Tensor x) {
  constexpr double leak = models::autoencoder::leak;
  const auto as_picture = [this](const torch::Tensor& values) {
    return values.dim() == 2 ? values.view({values.size(0), bottom_channels_, bottom_size_, bottom_size_})
                             : values;
  };
  for (const Weights& w : layers_) {
    if (w.layer.kind == Layer::Kind::dense) {
      x = nn::linear(x.flatten(1), w.weight, w.bias);
      continue;
    }
    x = torch::conv2d(as_picture(x), w.weight, w.bias, w.layer.stride(), w.layer.kernel / 2);
    if (w.layer.kind == Layer::Kind::output)
      return torch::sigmoid(x.to(torch::kFloat));
    x = torch::leaky_relu(x, leak);
    if (w.layer.kind == Layer::Kind::upscale)
      x = torch::pixel_shuffle(x, 2);
  }
  return as_picture(x);
}

AutoencoderImpl::AutoencoderImpl(const Network& network)
    : encoder(register_module("encoder", Part(network, network.encoder))),
      decoder_target(register_module("decoder_target", Part(network, network.decoder))),
      decoder_subject(register_module("decoder_subject", Part(network, network.decoder))) {}

} // namespace deid::training
