#pragma once
#include "elements/faceswap/composite/composite.hpp"
#include "elements/faceswap/composite/face_points.hpp"

namespace deid::faceswap {

constexpr int composite_width = 320, composite_height = 384; // px
constexpr float composite_face_height = 256;                 // px, of the mesh

/// What weights sum to 1: whose skin, and whose lightness and colour of it.
struct TextureWeights {
  std::vector<double> texture{}, tone{};
};

/// The picture of a composite (CV_8UC3, composite_width x composite_height): the portraits and their mirror
/// images warped to one shape and averaged in one tone, lips shaded where they meet, sharpened, on plain
/// grey. canvas: that shape, symmetric about the picture's middle. Throws TargetError when nobody is left
/// around the eyes.
cv::Mat composite_picture(std::span<const WeightedPortrait> sitters, const TextureWeights& weights,
                          const Face& canvas, double sharpen);

} // namespace deid::faceswap
