// The file is a recursion over dlib's network type (dlib/dnn/core.h): the version of every layer from the top
// down to the input; then, on the way back up, each layer's data and dlib's own values beside it.
#include "models/descriptor/weights.hpp"
#include "models/descriptor/dlib_stream.hpp"
#include <algorithm>
#include <cstdint>
#include <iterator>

namespace deid::models {

namespace {

constexpr std::int64_t tag = 1, layer = 2, first_layer = 3; // versions of the wrappers around layers

struct Plan {
  int inputs, outputs;
  bool halves;
};
constexpr std::array<Plan, 14> plan{{{32, 32, false},
                                     {32, 32, false},
                                     {32, 32, false},
                                     {32, 64, true},
                                     {64, 64, false},
                                     {64, 64, false},
                                     {64, 64, false},
                                     {64, 128, true},
                                     {128, 128, false},
                                     {128, 128, false},
                                     {128, 256, true},
                                     {256, 256, false},
                                     {256, 256, false},
                                     {256, 256, true}}};

/// Versions of all layers, from the input up.
std::vector<std::int64_t> layer_versions() {
  std::vector<std::int64_t> versions{first_layer, layer, layer, layer}; // con, affine, relu, max_pool
  for (const Plan& block : plan) {
    // tag1, con, affine, relu, con, affine
    versions.insert(versions.end(), {tag, layer, layer, layer, layer, layer});
    if (block.halves)
      versions.insert(versions.end(), {tag, tag, layer}); // tag2, skip1, avg_pool
    versions.insert(versions.end(), {layer, layer});      // add_prev, relu
  }
  versions.insert(versions.end(), {layer, layer}); // avg_pool_everything, fc
  return versions;
}

class WeightsReader {
public:
  explicit WeightsReader(std::span<const std::byte> file) : in_(file) {}

  DescriptorWeights read() {
    head();
    DescriptorWeights weights;
    weights.stem = convolution({.inputs = 3, .outputs = 32, .kernel = 7, .stride = 2, .padding = 0});
    in_.expect_integer(1, "sample expansion");
    affine(weights.stem);
    plain("relu_");
    pool("max_pool_2", 3, 2);
    for (const Plan& block : plan)
      weights.blocks.push_back(residual(block));
    pool("avg_pool_2", 0, 1);
    weights.projection = projection();
    in_.expect_end();
    return weights;
  }

private:
  void head() {
    in_.expect_integer(1, "loss layer");
    in_.expect_text("loss_metric_2");
    in_.expect_number(.04F, "margin");
    in_.expect_number(.6F, "distance threshold");
    const auto versions = layer_versions();
    for (auto version = versions.rbegin(); version != versions.rend(); ++version)
      in_.expect_integer(*version, "layer version");
    in_.expect_text("input_rgb_image_sized");
    for (const float mean : DescriptorWeights::rgb_mean)
      in_.expect_number(mean, "mean colour");
    in_.expect_integer(DescriptorWeights::input_size, "input height");
    in_.expect_integer(DescriptorWeights::input_size, "input width");
  }

  /// Skips dlib's values beside a layer: three flags, and the tensors of training, which are empty.
  void beside() {
    constexpr std::array<std::int64_t, 4> nothing{};
    for (int i = 0; i < 3; ++i)
      (void)in_.flag();
    for (int i = 0; i < 3; ++i)
      (void)in_.tensor(nothing, "gradient");
  }

  void learning_rates() {
    for (const float rate : {1.F, 1.F, 1.F, 0.F})
      in_.expect_number(rate, "learning rate");
  }

  void plain(std::string_view name) {
    in_.expect_text(name);
    beside();
  }

  void pool(std::string_view name, int kernel, int stride) {
    in_.expect_text(name);
    in_.expect_integers(std::array<std::int64_t, 6>{kernel, kernel, stride, stride, 0, 0}, name);
    beside();
  }

  /// Filters and bias lie in one tensor, one after the other. The shapes behind it say where each begins.
  Convolution convolution(Convolution c) {
    const std::int64_t bias = c.outputs, filters = std::int64_t{c.outputs} * c.inputs * c.kernel * c.kernel;
    in_.expect_text("con_4");
    c.filters = in_.tensor(std::array<std::int64_t, 4>{filters + bias, 1, 1, 1}, "convolution");
    c.bias.assign(std::prev(c.filters.end(), bias), c.filters.end());
    c.filters.resize(static_cast<std::size_t>(filters));
    in_.expect_integers(
        std::array<std::int64_t, 7>{c.outputs, c.kernel, c.kernel, c.stride, c.stride, c.padding, c.padding},
        "convolution");
    in_.expect_shape(std::array<std::int64_t, 4>{c.outputs, c.inputs, c.kernel, c.kernel}, "filters");
    in_.expect_shape(std::array<std::int64_t, 4>{1, bias, 1, 1}, "bias");
    learning_rates();
    beside();
    return c;
  }

  /// gamma x + beta per channel, folded into the convolution below.
  void affine(Convolution& c) {
    const auto channels = static_cast<std::size_t>(c.outputs);
    const std::array<std::int64_t, 4> shape{1, c.outputs, 1, 1};
    in_.expect_text("affine_");
    const auto values = in_.tensor(std::array<std::int64_t, 4>{2L * c.outputs, 1, 1, 1}, "affine");
    in_.expect_shape(shape, "gamma");
    in_.expect_shape(shape, "beta");
    in_.expect_integer(0, "affine mode");
    beside();
    const std::size_t each = c.filters.size() / channels;
    for (std::size_t i = 0; i < channels; ++i) {
      for (float& weight : std::span(c.filters).subspan(i * each, each))
        weight *= values[i];
      c.bias[i] = values[i] * c.bias[i] + values[channels + i];
    }
  }

  ResidualBlock residual(const Plan& want) {
    ResidualBlock block{.halves = want.halves};
    block.first = convolution({.inputs = want.inputs,
                               .outputs = want.outputs,
                               .kernel = 3,
                               .stride = want.halves ? 2 : 1,
                               .padding = want.halves ? 0 : 1});
    affine(block.first);
    plain("relu_");
    block.second = convolution(
        {.inputs = want.outputs, .outputs = want.outputs, .kernel = 3, .stride = 1, .padding = 1});
    affine(block.second);
    if (want.halves)
      pool("avg_pool_2", 2, 2);
    plain("add_prev_");
    plain("relu_");
    return block;
  }

  std::vector<float> projection() {
    const std::array<std::int64_t, 4> shape{DescriptorWeights::features, DescriptorWeights::outputs, 1, 1};
    in_.expect_text("fc_2");
    in_.expect_integer(DescriptorWeights::outputs, "outputs");
    in_.expect_integer(DescriptorWeights::features, "features");
    auto values = in_.tensor(shape, "projection");
    in_.expect_shape(shape, "projection");
    in_.expect_shape(std::array<std::int64_t, 4>{}, "projection's bias");
    in_.expect_integer(1, "bias mode");
    learning_rates();
    beside();
    return values;
  }

  DlibStream in_;
};

} // namespace

DescriptorWeights read_descriptor_weights(std::span<const std::byte> file) {
  return WeightsReader(file).read();
}

} // namespace deid::models
