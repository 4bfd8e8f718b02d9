#include "models/tfjs/builder.hpp"
#include <openvino/opsets/opset8.hpp>
#include <stdexcept>

namespace deid::models {
namespace {

namespace op = ov::opset8;
using Node = TfjsBuilder::Node;

/// Filters reordered from rows x columns x from x to, so that `to` and `from` come first.
Node filters(const TfjsTensor& tensor, const ov::Shape& shape) {
  const auto& s = tensor.shape;
  const std::size_t area = s[0] * s[1];
  std::vector<float> turned(tensor.values.size());
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t from = 0; from < s[2]; ++from)
      for (std::size_t to = 0; to < s[3]; ++to)
        turned[(to * s[2] + from) * area + i] = tensor.values[(i * s[2] + from) * s[3] + to];
  return std::make_shared<op::Constant>(ov::element::f32, shape, turned);
}

ov::op::PadType padding(const TfjsNode& n) {
  return n.same_padding ? ov::op::PadType::SAME_UPPER : ov::op::PadType::VALID;
}

ov::Strides strides(const TfjsNode& n) {
  return {static_cast<std::size_t>(n.stride[0]), static_cast<std::size_t>(n.stride[1])};
}

/// Doubles rows and columns. The file's sizes hold for one input size only, so they are ignored.
Node doubled(const Node& x) {
  op::Interpolate::InterpolateAttrs how;
  how.mode = op::Interpolate::InterpolateMode::LINEAR_ONNX;
  how.shape_calculation_mode = op::Interpolate::ShapeCalcMode::SCALES;
  how.coordinate_transformation_mode = op::Interpolate::CoordinateTransformMode::HALF_PIXEL;
  const auto unused = op::Constant::create(ov::element::i64, {2}, {0, 0});
  const auto scales = op::Constant::create(ov::element::f32, {2}, {2.F, 2.F});
  const auto axes = op::Constant::create(ov::element::i64, {2}, {2, 3});
  return std::make_shared<op::Interpolate>(x, unused, scales, axes, how);
}

/// Returns 1 x C: the mean over rows and columns.
Node mean(const Node& x) {
  return std::make_shared<op::ReduceMean>(x, op::Constant::create(ov::element::i64, {2}, {2, 3}), false);
}

} // namespace

TfjsBuilder::TfjsBuilder(const TfjsGraph& graph, const std::string& input, const ov::PartialShape& shape)
    : graph_(graph), input_(std::make_shared<op::Parameter>(ov::element::f32, shape)) {
  made_.emplace(input, input_->output(0));
}

Node TfjsBuilder::node(const std::string& name) {
  if (const auto known = made_.find(name); known != made_.end())
    return known->second;
  const auto found = graph_.nodes.find(name);
  if (found == graph_.nodes.end() || ++depth_ > graph_.nodes.size())
    throw std::runtime_error("the graph has no sound node " + name);
  return made_.emplace(name, make(found->second)).first->second;
}

std::shared_ptr<ov::Model> TfjsBuilder::model(const ov::OutputVector& outputs, const std::string& name) {
  return std::make_shared<ov::Model>(outputs, ov::ParameterVector{ov::as_type_ptr<op::Parameter>(input_)},
                                     name);
}

Node TfjsBuilder::make(const TfjsNode& n) {
  const std::string& what = n.operation;
  if (what == "_FusedConv2D" || what == "Conv2D")
    return finish(n, convolution(n));
  if (what == "FusedDepthwiseConv2dNative" || what == "DepthwiseConv2dNative")
    return finish(n, depthwise(n));
  if (what == "AddV2" || what == "Add")
    return std::make_shared<op::Add>(node(n.inputs.at(0)), operand(n.inputs.at(1)));
  if (what == "Mul")
    return std::make_shared<op::Multiply>(node(n.inputs.at(0)), operand(n.inputs.at(1)));
  if (what == "Minimum" || what == "Maximum")
    return limited(n);
  if (what == "Relu")
    return std::make_shared<op::Relu>(node(n.inputs.at(0)));
  if (what == "Mean")
    return mean(node(n.inputs.at(0)));
  if (what == "ResizeBilinear")
    return doubled(node(n.inputs.at(0)));
  if (what == "Sigmoid")
    return std::make_shared<op::Sigmoid>(node(n.inputs.at(0)));
  if (what == "Softmax")
    return std::make_shared<op::Softmax>(node(n.inputs.at(0)), -1);
  if (what == "_FusedMatMul")
    return dense(n);
  throw std::runtime_error("the graph has the unknown operation " + what);
}

Node TfjsBuilder::limited(const TfjsNode& n) {
  const Node x = node(n.inputs.at(0)), limit = operand(n.inputs.at(1));
  if (n.operation == "Minimum")
    return std::make_shared<op::Minimum>(x, limit);
  return std::make_shared<op::Maximum>(x, limit);
}

/// A node, or a constant: one number, or one a channel.
Node TfjsBuilder::operand(const std::string& name) {
  const auto found = graph_.constants.find(name);
  if (found == graph_.constants.end())
    return node(name);
  const TfjsTensor& tensor = found->second;
  if (tensor.shape.size() > 1)
    throw std::runtime_error("the graph has no sound constant " + name);
  const ov::Shape shape = tensor.shape.empty() ? ov::Shape{} : ov::Shape{1, tensor.shape[0], 1, 1};
  return std::make_shared<op::Constant>(ov::element::f32, shape, tensor.values);
}

const TfjsTensor& TfjsBuilder::constant(const std::string& name, std::size_t rank) const {
  const auto found = graph_.constants.find(name);
  if (found == graph_.constants.end() || found->second.shape.size() != rank)
    throw std::runtime_error("the graph has no sound constant " + name);
  return found->second;
}

Node TfjsBuilder::convolution(const TfjsNode& n) {
  const TfjsTensor& w = constant(n.inputs.at(1), 4);
  const Node kernel = filters(w, {w.shape[3], w.shape[2], w.shape[0], w.shape[1]});
  return std::make_shared<op::Convolution>(node(n.inputs.at(0)), kernel, strides(n), ov::CoordinateDiff{0, 0},
                                           ov::CoordinateDiff{0, 0}, ov::Strides{1, 1}, padding(n));
}

Node TfjsBuilder::depthwise(const TfjsNode& n) {
  const TfjsTensor& w = constant(n.inputs.at(1), 4);
  if (w.shape[3] != 1)
    throw std::runtime_error("the filters of " + n.name + " multiply channels");
  const Node kernel = filters(w, {w.shape[2], 1, 1, w.shape[0], w.shape[1]});
  return std::make_shared<op::GroupConvolution>(node(n.inputs.at(0)), kernel, strides(n),
                                                ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0},
                                                ov::Strides{1, 1}, padding(n));
}

/// A layer in which each output sees each input: 1 x from becomes 1 x to.
Node TfjsBuilder::dense(const TfjsNode& n) {
  const TfjsTensor& w = constant(n.inputs.at(1), 2);
  const auto weights =
      std::make_shared<op::Constant>(ov::element::f32, ov::Shape{w.shape[0], w.shape[1]}, w.values);
  return finish(n, std::make_shared<op::MatMul>(node(n.inputs.at(0)), weights));
}

Node TfjsBuilder::finish(const TfjsNode& n, Node x) const {
  if (n.biased) {
    const TfjsTensor& bias = constant(n.inputs.at(2), 1);
    ov::Shape shape(static_cast<std::size_t>(x.get_partial_shape().rank().get_length()), 1);
    shape.at(1) = bias.shape[0]; // channels come second, in a picture and in a list
    x = std::make_shared<op::Add>(x, std::make_shared<op::Constant>(ov::element::f32, shape, bias.values));
  }
  if (n.activation == Activation::relu)
    return std::make_shared<op::Relu>(x);
  if (n.activation == Activation::relu6)
    return std::make_shared<op::Clamp>(x, 0., 6.);
  return x;
}

} // namespace deid::models
