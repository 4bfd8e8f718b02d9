#include "models/descriptor/network.hpp"
#include <algorithm>
#include <openvino/core/model.hpp>
#include <openvino/opsets/opset8.hpp>

namespace deid::models {

namespace {

namespace op = ov::opset8;
using Node = ov::Output<ov::Node>;

std::size_t count(int value) {
  return static_cast<std::size_t>(value);
}

Node constant(const ov::Shape& shape, const std::vector<float>& values) {
  return std::make_shared<op::Constant>(ov::element::f32, shape, values);
}

Node integers(const std::vector<std::int64_t>& values) {
  return std::make_shared<op::Constant>(ov::element::i64, ov::Shape{values.size()}, values);
}

Node relu(const Node& x) {
  return std::make_shared<op::Relu>(x);
}

Node convolve(const Node& x, const Convolution& c) {
  const ov::Strides stride(2, count(c.stride));
  const ov::CoordinateDiff padding(2, c.padding);
  const auto filters =
      constant({count(c.outputs), count(c.inputs), count(c.kernel), count(c.kernel)}, c.filters);
  const auto sum = std::make_shared<op::Convolution>(x, filters, stride, padding, padding, ov::Strides{1, 1});
  return std::make_shared<op::Add>(sum, constant({1, count(c.outputs), 1, 1}, c.bias));
}

/// Pads x with zeros behind its last channel, row and column, to at least `size`.
Node fill_up(const Node& x, const ov::Shape& size) {
  std::vector<std::int64_t> missing;
  for (std::size_t i = 0; i < size.size(); ++i)
    missing.push_back(static_cast<std::int64_t>(std::max(size[i], x.get_shape()[i]) - x.get_shape()[i]));
  if (std::ranges::all_of(missing, [](std::int64_t n) { return n == 0; }))
    return x;
  return std::make_shared<op::Pad>(x, integers({0, 0, 0, 0}), integers(missing), constant({}, {0}),
                                   ov::op::PadMode::CONSTANT);
}

Node half(const Node& x) {
  return std::make_shared<op::AvgPool>(x, ov::Strides{2, 2}, ov::Shape{0, 0}, ov::Shape{0, 0},
                                       ov::Shape{2, 2}, true, ov::op::RoundingType::FLOOR);
}

Node residual(const Node& x, const ResidualBlock& block) {
  const Node shortcut = block.halves ? half(x) : x;
  const Node bent = convolve(relu(convolve(x, block.first)), block.second);
  return relu(
      std::make_shared<op::Add>(fill_up(bent, shortcut.get_shape()), fill_up(shortcut, bent.get_shape())));
}

/// The first convolution for colours 0..255. (value - mean) / 256 is folded in, which is exact because the
/// convolution has no padding.
Convolution for_raw_colours(Convolution stem) {
  constexpr float scale = 256;
  const std::size_t window = count(stem.kernel) * count(stem.kernel);
  for (std::size_t i = 0; i < stem.filters.size(); ++i) {
    const std::size_t channel = i / window % count(stem.inputs);
    stem.filters[i] /= scale;
    stem.bias[i / window / count(stem.inputs)] -= stem.filters[i] * DescriptorWeights::rgb_mean[channel];
  }
  return stem;
}

} // namespace

std::shared_ptr<ov::Model> build_descriptor_network(const DescriptorWeights& weights) {
  constexpr std::size_t size = DescriptorWeights::input_size;
  const auto input = std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, size, size, 3});
  Node x = std::make_shared<op::Transpose>(input, integers({0, 3, 1, 2}));
  x = relu(convolve(x, for_raw_colours(weights.stem)));
  x = std::make_shared<op::MaxPool>(x, ov::Strides{2, 2}, ov::Strides{1, 1}, ov::Shape{0, 0}, ov::Shape{0, 0},
                                    ov::Shape{3, 3}, ov::op::RoundingType::FLOOR)
          ->output(0);
  for (const ResidualBlock& block : weights.blocks)
    x = residual(x, block);
  x = std::make_shared<op::ReduceMean>(x, integers({2, 3}), false);
  const auto projection =
      constant({DescriptorWeights::features, DescriptorWeights::outputs}, weights.projection);
  x = std::make_shared<op::MatMul>(x, projection);
  return std::make_shared<ov::Model>(ov::OutputVector{x}, ov::ParameterVector{input}, "face_descriptor");
}

} // namespace deid::models
