#pragma once
#include "models/tfjs/tfjs.hpp"
#include <memory>
#include <openvino/core/model.hpp>

namespace deid::models {

/// Builds the layers of a TensorFlow.js graph for the engine, as far as its outputs need them. TensorFlow
/// stores channels last, the result has them first: every filter is reordered. Understands convolutions,
/// sums, products, limits, the mean over all places, doubling, dense layers, ReLU, sigmoid and softmax.
/// Thread: one at a time.
class TfjsBuilder {
public:
  using Node = ov::Output<ov::Node>;
  /// input: name of the node that stands for the picture. shape: of the picture, 1 x 3 x H x W; -1: any.
  TfjsBuilder(const TfjsGraph& graph, const std::string& input, const ov::PartialShape& shape);
  /// Returns the node of this name, and builds what it needs. Throws std::exception when the graph has no
  /// such node, holds an operation that is not understood, or runs in a circle.
  Node node(const std::string& name);
  /// Returns the network with these outputs. name: for messages of the engine.
  std::shared_ptr<ov::Model> model(const ov::OutputVector& outputs, const std::string& name);

private:
  Node make(const TfjsNode& n);
  Node operand(const std::string& name);
  Node limited(const TfjsNode& n);
  Node convolution(const TfjsNode& n);
  Node depthwise(const TfjsNode& n);
  Node dense(const TfjsNode& n);
  Node finish(const TfjsNode& n, Node x) const;
  const TfjsTensor& constant(const std::string& name, std::size_t rank) const;

  const TfjsGraph& graph_;
  std::shared_ptr<ov::Node> input_;
  std::map<std::string, Node> made_{};
  std::size_t depth_ = 0; ///< depth of nodes begun; more than the graph has means a circle
};

} // namespace deid::models
