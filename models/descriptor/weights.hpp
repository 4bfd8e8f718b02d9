#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace deid::models {

/// A convolution with the affine layer above it folded in: square kernel, the same in both directions.
struct Convolution {
  int inputs = 0, outputs = 0;             ///< channels
  int kernel = 0, stride = 0, padding = 0; ///< [px]
  std::vector<float> filters{};            ///< outputs x inputs x kernel x kernel
  std::vector<float> bias{};               ///< outputs
};

/// Two convolutions with a shortcut over them. Halving, the first has stride 2 and the shortcut is averaged
/// over 2x2 px; where the shortcut and the convolutions differ in size or channels, the smaller is filled up
/// with zeros at its end.
struct ResidualBlock {
  bool halves = false;
  Convolution first{}, second{};
};

/// What dlib's face recognition network learnt (dlib_face_recognition_resnet_model_v1, 29 convolutions):
/// input 150x150 RGB, (value - rgb_mean) / 256; stem, ReLU, max pool 3x3 stride 2 without padding; the
/// blocks, each with a ReLU at its end; mean over all pixels; projection without bias.
struct DescriptorWeights {
  static constexpr std::array<float, 3> rgb_mean{122.782F, 117.001F, 104.298F}; ///< [0..255]
  static constexpr int input_size = 150;                                        ///< [px]
  static constexpr int features = 256;                                          ///< channels at the end
  static constexpr int outputs = 128;

  Convolution stem{};
  std::vector<ResidualBlock> blocks{};
  std::vector<float> projection{}; ///< features x outputs
};

/// Reads the bytes of dlib_face_recognition_resnet_model_v1.dat. Throws FormatError on anything else: another
/// network, damaged, truncated, with something behind it, weights that are not finite. (Changed weights are
/// not seen here; the manifest's sha256 sees them.)
DescriptorWeights read_descriptor_weights(std::span<const std::byte> file);

} // namespace deid::models
