#pragma once
#include "elements/faceswap/composite/composite.hpp"
#include "elements/faceswap/composite/face_points.hpp"

namespace deid::faceswap {

constexpr int composite_width = 320, composite_height = 384; // px
constexpr float composite_face_height = 256;                 // px, of the mesh

/// The shares of all sitters in the texture and in the tone of the skin; each kind sums to 1.
struct TextureWeights {
  std::vector<double> texture{}, tone{};
};

/// Returns the picture of a composite (CV_8UC3, composite_width x composite_height). The portraits and their
/// mirror images are warped to one shape, averaged in one tone, shaded where the lips meet, and sharpened.
/// canvas: that shape, symmetric about the middle of the picture. Throws TargetError when no sitter without
/// glasses is left for the region around the eyes.
cv::Mat composite_picture(std::span<const WeightedPortrait> sitters, const TextureWeights& weights,
                          const Face& canvas, double sharpen);

} // namespace deid::faceswap
