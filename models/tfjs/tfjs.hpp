#pragma once
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace deid::models {

/// The activation that TensorFlow.js fuses into a convolution's node.
enum class Activation { none, relu, relu6 };

/// One operation of a TensorFlow.js graph.
struct TfjsNode {
  std::string name;
  std::string operation;           ///< e.g. "_FusedConv2D"
  std::vector<std::string> inputs; ///< names of nodes
  std::array<int, 2> stride{1, 1}; ///< down, across
  bool same_padding = false;       ///< pads with zeros, so that the output's size is input / stride
  bool biased = false;             ///< adds the third input
  Activation activation = Activation::none;
};

/// One constant, converted to f32.
struct TfjsTensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

/// A TensorFlow.js graph model: operations and floating-point constants by name.
struct TfjsGraph {
  std::map<std::string, TfjsNode> nodes;
  std::map<std::string, TfjsTensor> constants;
};

/// Reads a graph model (JSON) and its weights, f16 or f32 (binary). Constants of other types are left out.
/// Throws std::exception with the cause when a file cannot be read, is no such model, or does not fit the
/// other.
[[nodiscard]] TfjsGraph read_tfjs(const std::filesystem::path& graph, const std::filesystem::path& weights);

} // namespace deid::models
