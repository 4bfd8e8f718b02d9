#pragma once
#include "elements/faceswap/drawing/geometry.hpp"

namespace deid::faceswap::stage {

struct GeometryInput {
  const Geometry& target;
  const Points& mesh; ///< 468, px
  float amount = 0;   ///< share of the way to the features of the target, [0..1]
  bool learn = true;  ///< false: the mouth is hidden, which is no rest to learn from
};

/// Returns the mesh with its features moved towards the target's: the places where the features are intended.
/// rest: learns from this mesh. Thread: any.
inline Points geometry(const GeometryInput& in, RestShape& rest) {
  if (in.learn)
    return in.target.moved(in.mesh, in.amount, rest);
  RestShape kept = rest;
  return in.target.moved(in.mesh, in.amount, kept);
}

} // namespace deid::faceswap::stage
