#include "models/tfjs/tfjs.hpp"
#include <cstring>
#include <fstream>
#include <functional>
#include <glib.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <opencv2/core.hpp>
#include <span>
#include <stdexcept>

namespace deid::models {
namespace {

using nlohmann::json;
constexpr std::size_t most_values = 1U << 26U; // of one constant; the largest of our networks has 2^20

std::vector<unsigned char> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error(file.string() + " cannot be opened");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Strings of a graph are encoded in base64.
std::string text_of(const json& encoded) {
  gsize length = 0;
  const std::unique_ptr<guchar, decltype(&g_free)> bytes(
      g_base64_decode(encoded.get_ref<const std::string&>().c_str(), &length), &g_free);
  return {reinterpret_cast<const char*>(bytes.get()), length};
}

/// Whole numbers are written as strings.
int number_of(const json& value) {
  return value.is_string() ? std::stoi(value.get<std::string>()) : value.get<int>();
}

void read_fused(TfjsNode& node, const json& fused) {
  for (const json& encoded : fused) {
    const std::string what = text_of(encoded);
    if (what == "BiasAdd")
      node.biased = true;
    else if (what == "Relu")
      node.activation = Activation::relu;
    else if (what == "Relu6")
      node.activation = Activation::relu6;
    else
      throw std::runtime_error("node " + node.name + " has an unknown part " + what);
  }
}

TfjsNode node_of(const json& entry) {
  TfjsNode node{.name = entry.at("name"), .operation = entry.at("op"), .inputs = {}};
  if (entry.contains("input"))
    node.inputs = entry.at("input").get<std::vector<std::string>>();
  const json attributes = entry.value("attr", json::object());
  if (attributes.contains("strides")) {
    const json& strides = attributes.at("strides").at("list").at("i"); // picture, row, column, channel
    node.stride = {number_of(strides.at(1)), number_of(strides.at(2))};
  }
  if (attributes.contains("padding"))
    node.same_padding = text_of(attributes.at("padding").at("s")) == "SAME";
  if (attributes.contains("fused_ops"))
    read_fused(node, attributes.at("fused_ops").at("list").value("s", json::array()));
  return node;
}

TfjsTensor tensor_of(std::span<const unsigned char> bytes, std::vector<std::size_t> shape, bool halves) {
  TfjsTensor tensor{.shape = std::move(shape), .values = {}};
  const std::size_t count = bytes.size() / (halves ? 2 : 4);
  tensor.values.resize(count);
  if (!halves) {
    std::memcpy(tensor.values.data(), bytes.data(), bytes.size());
    return tensor;
  }
  std::vector<cv::float16_t> packed(count);
  std::memcpy(packed.data(), bytes.data(), bytes.size());
  std::ranges::copy(packed, tensor.values.begin());
  return tensor;
}

std::map<std::string, TfjsTensor> constants_of(const json& manifest,
                                               const std::vector<unsigned char>& bytes) {
  std::map<std::string, TfjsTensor> constants;
  std::size_t at = 0;
  for (const json& entry : manifest.at("weights")) {
    const auto shape = entry.at("shape").get<std::vector<std::size_t>>();
    const std::size_t count =
        std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    const std::string type = entry.contains("quantization")
                                 ? entry.at("quantization").at("dtype").get<std::string>()
                                 : entry.at("dtype").get<std::string>();
    if (type != "float16" && type != "float32" && type != "int32")
      throw std::runtime_error("a constant has the unknown type " + type);
    const std::size_t size = count * (type == "float16" ? 2 : 4);
    if (count > most_values || size > bytes.size() - at)
      throw std::runtime_error("the weights are shorter than the graph says");
    if (type != "int32")
      constants.emplace(entry.at("name"),
                        tensor_of(std::span(bytes).subspan(at, size), shape, type == "float16"));
    at += size;
  }
  if (at != bytes.size())
    throw std::runtime_error("the weights are longer than the graph says");
  return constants;
}

} // namespace

TfjsGraph read_tfjs(const std::filesystem::path& graph, const std::filesystem::path& weights) {
  const json model = json::parse(bytes_of(graph));
  TfjsGraph read;
  for (const json& entry : model.at("modelTopology").at("node")) {
    TfjsNode node = node_of(entry);
    const std::string name = node.name;
    read.nodes.emplace(name, std::move(node));
  }
  read.constants = constants_of(model.at("weightsManifest").at(0), bytes_of(weights));
  return read;
}

} // namespace deid::models
