#pragma once
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace deid::models {

/// What follows a convolution or lies in it, as TensorFlow.js writes it into one node.
enum class Activation { none, relu, relu6 };

/// One operation of a TensorFlow.js graph.
struct TfjsNode {
  std::string name;
  std::string operation;           ///< e.g. "_FusedConv2D"
  std::vector<std::string> inputs; ///< names of nodes
  std::array<int, 2> stride{1, 1}; ///< down, across
  bool same_padding = false;       ///< zeros are added so that the output is input / stride large
  bool biased = false;             ///< the third input is added
  Activation activation = Activation::none;
};

/// One constant, widened to f32.
struct TfjsTensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

/// A TensorFlow.js graph model: its operations by name, and its constants of floating point by name.
struct TfjsGraph {
  std::map<std::string, TfjsNode> nodes;
  std::map<std::string, TfjsTensor> constants;
};

/// Reads a graph model (JSON) with weights of f16 beside f32 (binary). Constants of other types are left out.
/// Throws std::exception, which says why, when a file cannot be read, is no such model, or does not fit the
/// other.
[[nodiscard]] TfjsGraph read_tfjs(const std::filesystem::path& graph, const std::filesystem::path& weights);

} // namespace deid::models
