#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace deid::models {

/// A convolution with its affine layer folded in. The kernel is square; stride and padding are the same both
/// ways.
struct Convolution {
  int inputs = 0, outputs = 0;             ///< channels
  int kernel = 0, stride = 0, padding = 0; ///< [px]
  std::vector<float> filters{};            ///< outputs x inputs x kernel x kernel
  std::vector<float> bias{};               ///< outputs
};

/// Two convolutions with a shortcut over them. In a block that halves, the first convolution has stride 2 and
/// the shortcut is averaged over 2x2 px. Where shortcut and convolutions differ in size or channels, the
/// smaller one is padded with zeros at its end.
struct ResidualBlock {
  bool halves = false;
  Convolution first{}, second{};
};

/// The weights of dlib's face recognition network (dlib_face_recognition_resnet_model_v1, 29 convolutions).
/// Layers: input 150x150 RGB, (value - rgb_mean) / 256; stem, ReLU, max pool 3x3 stride 2 without padding;
/// the blocks, each with a ReLU at its end; mean over all pixels; projection without bias.
struct DescriptorWeights {
  static constexpr std::array<float, 3> rgb_mean{122.782F, 117.001F, 104.298F}; ///< [0..255]
  static constexpr int input_size = 150;                                        ///< [px]
  static constexpr int features = 256;                                          ///< channels at the end
  static constexpr int outputs = 128;

  Convolution stem{};
  std::vector<ResidualBlock> blocks{};
  std::vector<float> projection{}; ///< features x outputs
};

/// Reads the bytes of dlib_face_recognition_resnet_model_v1.dat. Throws FormatError on another network,
/// damaged or truncated bytes, bytes behind the end, and weights that are not finite. Changed weights are not
/// found here; the manifest's sha256 finds them.
DescriptorWeights read_descriptor_weights(std::span<const std::byte> file);

} // namespace deid::models
