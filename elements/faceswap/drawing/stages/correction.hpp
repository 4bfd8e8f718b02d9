#pragma once
#include "elements/faceswap/drawing/correction.hpp"

namespace deid::faceswap::stage {

/// Returns the mesh to draw, so that the network finds the landmarks of the result at the intended places.
/// meant: 468, px. correction: learned from earlier results. Thread: any.
inline Points correction(const Points& meant, const Correction& correction) {
  return correction.applied(meant);
}

} // namespace deid::faceswap::stage
