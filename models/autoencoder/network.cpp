#include "models/autoencoder/network.hpp"
#include <algorithm>
#include <openvino/core/model.hpp>
#include <openvino/opsets/opset8.hpp>
#include <stdexcept>

namespace deid::models::autoencoder {

namespace {

namespace op = ov::opset8;
using Node = ov::Output<ov::Node>;
using Kind = Layer::Kind;

constexpr float levels = 255;

Node constant(const ov::Shape& shape, const std::vector<float>& values) {
  return std::make_shared<op::Constant>(ov::element::f32, shape, values);
}

Node integers(const std::vector<std::int64_t>& values) {
  return std::make_shared<op::Constant>(ov::element::i64, ov::Shape{values.size()}, values);
}

Node leaky(const Node& x) {
  return std::make_shared<op::PRelu>(x, constant({1}, {leak}));
}

/// Builds layers from weights, which it finds by name.
class Builder {
public:
  explicit Builder(std::span<const Tensor> tensors) : tensors_(tensors) {}

  Node layer(const Node& x, const std::string& part, const Layer& layer, float scale = 1) const {
    const std::string name = std::string(part).append(".").append(layer.name);
    switch (layer.kind) {
    case Kind::dense:
      return dense(x, name);
    case Kind::convolution:
      return leaky(convolve(x, layer, name, scale));
    case Kind::upscale: // PyTorch's PixelShuffle: a pixel's channels become neighbouring pixels
      return std::make_shared<op::DepthToSpace>(leaky(convolve(x, layer, name, scale)),
                                                op::DepthToSpace::DepthToSpaceMode::DEPTH_FIRST, 2);
    case Kind::output:
      return std::make_shared<op::Sigmoid>(convolve(x, layer, name, scale));
    }
    throw std::invalid_argument("no such layer");
  }

private:
  const Tensor& tensor(const std::string& name) const {
    const auto found = std::ranges::find(tensors_, name, &Tensor::name);
    if (found == tensors_.end())
      throw std::invalid_argument("there is no tensor " + name);
    return *found;
  }
  Node weights(const std::string& name, float scale = 1) const {
    const Tensor& from = tensor(name + ".weight");
    if (scale == 1)
      return constant(from.shape, from.values);
    std::vector<float> values = from.values;
    for (float& value : values)
      value *= scale;
    return constant(from.shape, values);
  }
  Node bias(const std::string& name, const ov::Shape& shape) const {
    return constant(shape, tensor(name + ".bias").values);
  }
  Node dense(const Node& x, const std::string& name) const {
    const auto product = std::make_shared<op::MatMul>(x, weights(name), false, true);
    return std::make_shared<op::Add>(product, bias(name, {1, product->get_shape().back()}));
  }
  Node convolve(const Node& x, const Layer& layer, const std::string& name, float scale) const {
    const ov::Strides stride(2, static_cast<std::size_t>(layer.stride()));
    const ov::CoordinateDiff padding(2, layer.kernel / 2);
    const auto sum = std::make_shared<op::Convolution>(x, weights(name, scale), stride, padding, padding,
                                                       ov::Strides{1, 1});
    return std::make_shared<op::Add>(sum, bias(name, {1, layer.biases(), 1, 1}));
  }
  std::span<const Tensor> tensors_;
};

Node reshape(const Node& x, const std::vector<std::int64_t>& shape) {
  return std::make_shared<op::Reshape>(x, integers(shape), false);
}

} // namespace

std::shared_ptr<ov::Model> build_autoencoder_network(const Network& network,
                                                     std::span<const Tensor> tensors) {
  const auto size = static_cast<std::size_t>(network.size);
  const auto input = std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, size, size, 3});
  const Builder builder(tensors);
  Node x = std::make_shared<op::Transpose>(input, integers({0, 3, 1, 2}));
  bool flat = false;
  for (const Layer& layer : network.encoder) {
    const bool first = &layer == &network.encoder.front();
    if (layer.kind == Kind::dense && !flat)
      x = reshape(x, {1, layer.inputs});
    if (layer.kind != Kind::dense && flat)
      x = reshape(x, {1, network.bottom_channels, network.bottom_size, network.bottom_size});
    flat = layer.kind == Kind::dense;
    x = builder.layer(x, "encoder", layer, first ? 1 / levels : 1);
  }
  if (flat)
    x = reshape(x, {1, network.bottom_channels, network.bottom_size, network.bottom_size});
  for (const Layer& layer : network.decoder)
    x = builder.layer(x, "decoder_target", layer);
  x = std::make_shared<op::Transpose>(x, integers({0, 2, 3, 1}));
  x = std::make_shared<op::Multiply>(x, constant({1}, {levels}));
  return std::make_shared<ov::Model>(ov::OutputVector{x}, ov::ParameterVector{input}, "autoencoder");
}

} // namespace deid::models::autoencoder
