#include "models/movenet/network.hpp"
#include <openvino/core/model.hpp>
#include <openvino/opsets/opset8.hpp>
#include <stdexcept>

namespace deid::models {
namespace {

namespace op = ov::opset8;
using Node = ov::Output<ov::Node>;

const std::string within = "StatefulPartitionedCall/";

/// TensorFlow stores channels last, this network has them first: every filter is reordered.
class Builder {
public:
  explicit Builder(const TfjsGraph& graph) : graph_(graph) {
    input_ = std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, 3, -1, -1});
    made_.emplace(within + "sub_1", input_->output(0)); // the picture, scaled to [-1,1]
  }

  Node node(const std::string& name) {
    if (const auto known = made_.find(name); known != made_.end())
      return known->second;
    const auto found = graph_.nodes.find(name);
    if (found == graph_.nodes.end() || ++depth_ > graph_.nodes.size())
      throw std::runtime_error("the graph has no sound node " + name);
    return made_.emplace(name, make(found->second)).first->second;
  }

  std::shared_ptr<ov::Model> model(const ov::OutputVector& outputs) {
    return std::make_shared<ov::Model>(outputs, ov::ParameterVector{input_}, "movenet");
  }

private:
  Node make(const TfjsNode& n) {
    if (n.operation == "_FusedConv2D")
      return finish(n, convolution(n));
    if (n.operation == "FusedDepthwiseConv2dNative" || n.operation == "DepthwiseConv2dNative")
      return finish(n, depthwise(n));
    if (n.operation == "AddV2")
      return std::make_shared<op::Add>(node(n.inputs.at(0)), node(n.inputs.at(1)));
    if (n.operation == "ResizeBilinear")
      return doubled(node(n.inputs.at(0)));
    if (n.operation == "Sigmoid")
      return std::make_shared<op::Sigmoid>(node(n.inputs.at(0)));
    throw std::runtime_error("the graph has the unknown operation " + n.operation);
  }

  const TfjsTensor& constant(const std::string& name, std::size_t rank) const {
    const auto found = graph_.constants.find(name);
    if (found == graph_.constants.end() || found->second.shape.size() != rank)
      throw std::runtime_error("the graph has no sound constant " + name);
    return found->second;
  }

  /// Filters reordered from rows x columns x from x to, so that `to` and `from` come first.
  static Node filters(const TfjsTensor& tensor, const ov::Shape& shape) {
    const auto& s = tensor.shape;
    const std::size_t area = s[0] * s[1];
    std::vector<float> turned(tensor.values.size());
    for (std::size_t i = 0; i < area; ++i)
      for (std::size_t from = 0; from < s[2]; ++from)
        for (std::size_t to = 0; to < s[3]; ++to)
          turned[(to * s[2] + from) * area + i] = tensor.values[(i * s[2] + from) * s[3] + to];
    return std::make_shared<op::Constant>(ov::element::f32, shape, turned);
  }

  static ov::op::PadType padding(const TfjsNode& n) {
    return n.same_padding ? ov::op::PadType::SAME_UPPER : ov::op::PadType::VALID;
  }

  static ov::Strides strides(const TfjsNode& n) {
    return {static_cast<std::size_t>(n.stride[0]), static_cast<std::size_t>(n.stride[1])};
  }

  Node convolution(const TfjsNode& n) {
    const TfjsTensor& w = constant(n.inputs.at(1), 4);
    const Node kernel = filters(w, {w.shape[3], w.shape[2], w.shape[0], w.shape[1]});
    return std::make_shared<op::Convolution>(node(n.inputs.at(0)), kernel, strides(n),
                                             ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0},
                                             ov::Strides{1, 1}, padding(n));
  }

  Node depthwise(const TfjsNode& n) {
    const TfjsTensor& w = constant(n.inputs.at(1), 4);
    if (w.shape[3] != 1)
      throw std::runtime_error("the filters of " + n.name + " multiply channels");
    const Node kernel = filters(w, {w.shape[2], 1, 1, w.shape[0], w.shape[1]});
    return std::make_shared<op::GroupConvolution>(node(n.inputs.at(0)), kernel, strides(n),
                                                  ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0},
                                                  ov::Strides{1, 1}, padding(n));
  }

  Node finish(const TfjsNode& n, Node x) {
    if (n.biased) {
      const TfjsTensor& bias = constant(n.inputs.at(2), 1);
      x = std::make_shared<op::Add>(x, std::make_shared<op::Constant>(
                                           ov::element::f32, ov::Shape{1, bias.shape[0], 1, 1}, bias.values));
    }
    if (n.activation == Activation::relu)
      return std::make_shared<op::Relu>(x);
    if (n.activation == Activation::relu6)
      return std::make_shared<op::Clamp>(x, 0., 6.);
    return x;
  }

  /// All three enlargements double. The file's sizes hold for one input size only, so they are ignored.
  static Node doubled(const Node& x) {
    op::Interpolate::InterpolateAttrs how;
    how.mode = op::Interpolate::InterpolateMode::LINEAR_ONNX;
    how.shape_calculation_mode = op::Interpolate::ShapeCalcMode::SCALES;
    how.coordinate_transformation_mode = op::Interpolate::CoordinateTransformMode::HALF_PIXEL;
    const auto unused = op::Constant::create(ov::element::i64, {2}, {0, 0});
    const auto scales = op::Constant::create(ov::element::f32, {2}, {2.F, 2.F});
    const auto axes = op::Constant::create(ov::element::i64, {2}, {2, 3});
    return std::make_shared<op::Interpolate>(x, unused, scales, axes, how);
  }

  const TfjsGraph& graph_;
  std::shared_ptr<op::Parameter> input_;
  std::map<std::string, Node> made_;
  std::size_t depth_ = 0; ///< depth of nodes begun; more than the graph has means a cycle
};

} // namespace

std::shared_ptr<ov::Model> build_movenet(const TfjsGraph& graph) {
  Builder builder(graph);
  return builder.model({builder.node(within + "Sigmoid"), builder.node(within + "Sigmoid_1"),
                        builder.node(within + "kpt_regress_0/conv2d_6/BiasAdd"),
                        builder.node(within + "kpt_offset_0/conv2d_7/BiasAdd")});
}

} // namespace deid::models
