#pragma once
#include "pipelines/deid/target/composite/composite.hpp"
#include "pipelines/deid/target/composite/face_points.hpp"

namespace deid::composites {

constexpr int composite_width = 320, composite_height = 384; // px
constexpr float composite_face_height = 256;                 // px, of the mesh
/// Pixels of a source for one pixel of the result. A larger source is shrunk first, so that nothing aliases.
constexpr float source_detail = 1.5F;

/// The shares of all sitters in the texture, in its fine structure and in the tone of the skin; each kind
/// sums to 1.
struct TextureWeights {
  std::vector<double> texture{}, detail{}, tone{};
};

/// Returns the picture of a composite (CV_8UC3, composite_width x composite_height). The portraits and their
/// mirror images are warped to one shape, averaged in one tone, shaded where the lips meet, and sharpened.
/// canvas: that shape, symmetric about the middle of the picture. Throws TargetError when no sitter without
/// glasses is left for the region around the eyes.
cv::Mat composite_picture(std::span<const WeightedPortrait> sitters, const TextureWeights& weights,
                          const Face& canvas, double sharpen);

} // namespace deid::composites
