#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap {

/// State of the stage steady.
struct SteadyMemory {
  Points last{}; ///< the filtered landmarks of the last frame, frame px
};

namespace stage {

/// Takes the noise out of landmarks. A point that hardly moved follows slowly, and a point that moved far
/// follows at once, so skin does not tremble and nothing lags (the idea of the 1-Euro filter; Casiez, Roussel
/// and Vogel 2012). The movement of the head is filtered as a whole, and the movement of each point relative
/// to the head. landmarks: 468, finite, frame px, of the next frame of one person. The first call, a jump, or
/// another number of points starts again and returns the landmarks unchanged. Thread: one at a time for one
/// memory.
Points steady(const Points& landmarks, SteadyMemory& memory);

} // namespace stage

} // namespace deid::faceswap
