#pragma once
#include "elements/faceswap/drawing/texture.hpp"
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct WarpInput {
  const Texture& texture; ///< of the target
  const Points& points;   ///< 481, finite, px of the new picture: where the points of the texture are drawn
  cv::Size size{};        ///< of the new picture
  const Tint& tint;
};

/// Returns the target drawn on the points, triangle by triangle. shown: where a triangle that faces the
/// viewer was drawn. Where triangles overlap, the nearest one shows. Thread: any.
Drawn warp(const WarpInput& in);

} // namespace deid::faceswap::stage
