#pragma once
#include "elements/faceswap/drawing/geometry.hpp"

namespace deid::faceswap::stage {

struct MouthInput {
  const Geometry& target;
  const Points& mesh; ///< 468, px
  float hidden = 0;   ///< how far something hides the mouth, [0..1]; see HiddenMouth
};

/// Returns the mesh with the mouth shut as far as it is hidden, because the network guesses the lips behind a
/// hand. It is the mesh itself while the mouth at rest is not known. Thread: any.
inline Points mouth(const MouthInput& in, const RestShape& rest) {
  return in.target.with_mouth_shut(in.mesh, in.hidden, rest);
}

} // namespace deid::faceswap::stage
