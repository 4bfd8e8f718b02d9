#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deid::models::autoencoder {

/// One layer with weights. `output` ends in a sigmoid, `dense` in no activation, every other layer in
/// LeakyReLU(.1).
struct Layer {
  enum class Kind : std::uint8_t {
    convolution, ///< stride 2, padded by kernel / 2 px of zeros: halves the side
    dense,       ///< no activation
    upscale,     ///< convolution to 4 * outputs channels, LeakyReLU, then depth to space: doubles the side
    output,      ///< convolution, stride 1
  };
  Kind kind = Kind::convolution;
  std::string name{};          ///< name within its part: "conv0", "dense1", "up0", "out"
  int inputs = 0, outputs = 0; ///< channels; values of a dense layer
  int kernel = 1;              ///< px; the input is padded by kernel / 2 px of zeros
  int size = 1;                ///< side of the result [px]; 1 for a dense layer
  [[nodiscard]] int stride() const { return kind == Kind::convolution ? 2 : 1; }
  /// Outputs x inputs x kernel x kernel; of a dense layer outputs x inputs. Channel f * 4 + dy * 2 + dx of an
  /// upscale becomes pixel (dx, dy) of channel f, as in PyTorch's PixelShuffle.
  [[nodiscard]] std::vector<std::size_t> weight_shape() const;
  /// One bias a channel of the convolution's result: weight_shape()[0].
  [[nodiscard]] std::size_t biases() const { return weight_shape().front(); }
};

/// A shared encoder and one decoder a person. "original" is deepfakes/faceswap's. Input and output are RGB
/// pictures, 0..1, size x size px. dense0 takes its values in the order channel, row, column. The values
/// behind dense1 are a picture of bottom_channels x bottom_size x bottom_size in the same order.
struct Network {
  std::string name{};
  int size = 0; ///< px
  int bottom_size = 0, bottom_channels = 0;
  std::vector<Layer> encoder{}, decoder{}; ///< in order
};

constexpr float leak = 0.1F; ///< slope of LeakyReLU below 0

/// Whose faces the decoders in a file can draw.
enum class Direction : std::uint8_t {
  subject_to_target, ///< only the target's decoder: the swap cannot be undone
  both,              ///< the subject's decoder, too: anyone with the file can undo the swap
};

/// "original" (64 px), "light96", "light128".
const std::vector<std::string>& network_names();
/// Returns nothing for an unknown name.
std::optional<Network> network(std::string_view name);

struct TensorSpec {
  std::string name{}; ///< "encoder.conv0.weight", "decoder_target.up0.bias", "decoder_subject.out.weight"
  std::vector<std::size_t> shape{};
  bool operator==(const TensorSpec&) const = default;
};
/// In the file's order: encoder, target's decoder, subject's decoder; weight before bias.
std::vector<TensorSpec> tensors(const Network& network, Direction direction);

/// Number of weights and biases of the encoder and `decoders` decoders.
std::size_t parameters(const Network& network, int decoders = 2);
/// Number of multiplications of one conversion by the encoder and one decoder.
std::size_t multiplications(const Network& network);

} // namespace deid::models::autoencoder
