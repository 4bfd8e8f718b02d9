#pragma once
#include "elements/faceswap/drawing/painter.hpp"
#include "elements/faceswap/perception/describer.hpp"
#include <string>

namespace deid::faceswap {

/// A network that draws one target on one person, and the descriptors of both.
struct Trained {
  std::string name{}; ///< of the target
  std::unique_ptr<Painter> painter{};
  Descriptor subject{}, target{};
};

} // namespace deid::faceswap
