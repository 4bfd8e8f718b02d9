#include "elements/faceswap/drawing/stages/place.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include <stdexcept>

namespace deid::faceswap::stage {

Place place(const PlaceInput& in) {
  if (in.original.empty() || in.original.type() != CV_8UC3)
    throw std::invalid_argument("no picture to draw on");
  Place out{on_picture(in.landmarks, in.at), {}};
  out.points = with_forehead(out.mesh, forehead_reach);
  return out;
}

} // namespace deid::faceswap::stage
