#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deid::models::autoencoder {

/// One layer with weights. Every layer but `output` and `dense` ends in LeakyReLU(.1); `output` in a sigmoid.
struct Layer {
  enum class Kind : std::uint8_t {
    convolution, ///< stride 2, zeros of kernel / 2 px around: half the side
    dense,       ///< without activation
    upscale,     ///< convolution to 4 * outputs channels, LeakyReLU, then depth to space: twice the side
    output,      ///< convolution, stride 1
  };
  Kind kind = Kind::convolution;
  std::string name{};          ///< within its part: "conv0", "dense1", "up0", "out"
  int inputs = 0, outputs = 0; ///< channels; of a dense layer: values
  int kernel = 1;              ///< px; zeros of kernel / 2 px are put around the input
  int size = 1;                ///< px of the side of its result; of a dense layer 1
  [[nodiscard]] int stride() const { return kind == Kind::convolution ? 2 : 1; }
  /// Outputs x inputs x kernel x kernel, of a dense layer outputs x inputs. The channel f * 4 + dy * 2 + dx
  /// of an upscale becomes pixel (dx, dy) of channel f, as PyTorch's PixelShuffle has it.
  [[nodiscard]] std::vector<std::size_t> weight_shape() const;
  /// One value a channel that the convolution gives: weight_shape()[0].
  [[nodiscard]] std::size_t biases() const { return weight_shape().front(); }
};

/// A shared encoder and one decoder a person; "original" as deepfakes/faceswap has it. Pictures are RGB,
/// 0..1, size x size px, in and out. dense0 takes the values in the order channel, row, column; those after
/// dense1 are a picture of bottom_channels x bottom_size x bottom_size in the same order.
struct Network {
  std::string name{};
  int size = 0; ///< px
  int bottom_size = 0, bottom_channels = 0;
  std::vector<Layer> encoder{}, decoder{}; ///< in order
};

constexpr float leak = 0.1F; ///< of LeakyReLU

/// Whose faces a file's decoders can draw.
enum class Direction : std::uint8_t {
  subject_to_target, ///< one decoder, the target's: nobody can be drawn back
  both,              ///< the subject's too: whoever has the file can undo the swap
};

/// "original" (64 px), "light96", "light128".
const std::vector<std::string>& network_names();
/// Nothing for another name.
std::optional<Network> network(std::string_view name);

struct TensorSpec {
  std::string name{}; ///< "encoder.conv0.weight", "decoder_target.up0.bias", "decoder_subject.out.weight"
  std::vector<std::size_t> shape{};
  bool operator==(const TensorSpec&) const = default;
};
/// In the order of the file: encoder, target's decoder, subject's decoder; weight before bias.
std::vector<TensorSpec> tensors(const Network& network, Direction direction);

/// Weights and biases of the encoder and of `decoders` decoders.
std::size_t parameters(const Network& network, int decoders = 2);
/// Multiplications of one conversion: encoder and one decoder.
std::size_t multiplications(const Network& network);

} // namespace deid::models::autoencoder
