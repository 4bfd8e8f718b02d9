#include "models/autoencoder/network_spec.hpp"
#include <span>

namespace deid::models::autoencoder {

namespace {

using Kind = Layer::Kind;

/// Appends layers one after the other.
class Stack {
public:
  Stack(int size, int channels) : size_(size), channels_(channels) {}

  void convolve(int outputs, int kernel) {
    add({Kind::convolution, numbered("conv", convolutions_++), channels_, outputs, kernel, size_ / 2});
  }
  void upscale(int outputs) {
    add({Kind::upscale, numbered("up", upscales_++), channels_, outputs, 3, size_ * 2});
  }
  void output(int kernel) { add({Kind::output, "out", channels_, 3, kernel, size_}); }
  /// Two dense layers with a bottleneck between them; the result is a picture of `channels` channels and the
  /// same size.
  void waist(int values, int channels) {
    const int area = size_ * size_;
    layers_.push_back({Kind::dense, "dense0", channels_ * area, values, 1, 1});
    layers_.push_back({Kind::dense, "dense1", values, channels * area, 1, 1});
    channels_ = channels;
  }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] std::vector<Layer> take() { return std::move(layers_); }

private:
  static std::string numbered(const char* name, int number) {
    return std::string(name).append(std::to_string(number));
  }
  void add(Layer layer) {
    channels_ = layer.outputs;
    size_ = layer.size;
    layers_.push_back(std::move(layer));
  }

  int size_, channels_;
  int convolutions_ = 0, upscales_ = 0;
  std::vector<Layer> layers_{};
};

/// deepfakes/faceswap's "original": 82.06 M parameters, 1.90 G multiplications.
Network original() {
  Network network{"original", 64, 0, 0, {}, {}};
  Stack encoder(network.size, 3);
  for (const int channels : {128, 256, 512, 1024})
    encoder.convolve(channels, 5);
  encoder.waist(1024, 1024);
  network.bottom_size = encoder.size();
  network.bottom_channels = encoder.channels();
  encoder.upscale(512);
  Stack decoder(encoder.size(), encoder.channels());
  for (const int channels : {256, 128, 64})
    decoder.upscale(channels);
  decoder.output(5);
  network.encoder = encoder.take();
  network.decoder = decoder.take();
  return network;
}

/// A narrow network for two cores, with all upscaling in the decoders. At 96 px it has 4.8 M parameters and
/// .174 G multiplications, at 128 px 7.1 M and .310 G.
Network light(const char* name, int size) {
  Network network{name, size, 0, 0, {}, {}};
  Stack encoder(size, 3);
  encoder.convolve(32, 5);
  for (const int channels : {64, 128, 192})
    encoder.convolve(channels, 3);
  encoder.waist(256, 128);
  network.bottom_size = encoder.size();
  network.bottom_channels = encoder.channels();
  Stack decoder(encoder.size(), encoder.channels());
  for (const int channels : {96, 64, 32, 16})
    decoder.upscale(channels);
  decoder.output(3);
  network.encoder = encoder.take();
  network.decoder = decoder.take();
  return network;
}

void add(std::vector<TensorSpec>& out, const std::string& part, std::span<const Layer> layers) {
  for (const Layer& layer : layers) {
    std::string name = part;
    name.append(".").append(layer.name);
    out.push_back({name + ".weight", layer.weight_shape()});
    out.push_back({name + ".bias", {layer.biases()}});
  }
}

std::size_t weights(const Layer& layer) {
  std::size_t count = 1;
  for (const std::size_t n : layer.weight_shape())
    count *= n;
  return count;
}

std::size_t parameters(std::span<const Layer> layers) {
  std::size_t count = 0;
  for (const Layer& layer : layers)
    count += weights(layer) + layer.biases();
  return count;
}

std::size_t multiplications(std::span<const Layer> layers) {
  std::size_t count = 0;
  for (const Layer& layer : layers) {
    // an upscale convolves before it doubles the side
    const auto side = static_cast<std::size_t>(layer.kind == Kind::upscale ? layer.size / 2 : layer.size);
    count += weights(layer) * side * side;
  }
  return count;
}

} // namespace

std::vector<std::size_t> Layer::weight_shape() const {
  const auto rows = static_cast<std::size_t>(kind == Kind::upscale ? 4 * outputs : outputs);
  const auto columns = static_cast<std::size_t>(inputs), side = static_cast<std::size_t>(kernel);
  return kind == Kind::dense ? std::vector<std::size_t>{rows, columns}
                             : std::vector<std::size_t>{rows, columns, side, side};
}

const std::vector<std::string>& network_names() {
  static const std::vector<std::string> names{"original", "light96", "light128"};
  return names;
}

std::optional<Network> network(std::string_view name) {
  if (name == "original")
    return original();
  if (name == "light96")
    return light("light96", 96);
  if (name == "light128")
    return light("light128", 128);
  return {};
}

std::vector<TensorSpec> tensors(const Network& network, Direction direction) {
  std::vector<TensorSpec> out;
  add(out, "encoder", network.encoder);
  add(out, "decoder_target", network.decoder);
  if (direction == Direction::both)
    add(out, "decoder_subject", network.decoder);
  return out;
}

std::size_t parameters(const Network& network, int decoders) {
  return parameters(std::span<const Layer>(network.encoder)) +
         static_cast<std::size_t>(decoders) * parameters(std::span<const Layer>(network.decoder));
}

std::size_t multiplications(const Network& network) {
  return multiplications(std::span<const Layer>(network.encoder)) +
         multiplications(std::span<const Layer>(network.decoder));
}

} // namespace deid::models::autoencoder
