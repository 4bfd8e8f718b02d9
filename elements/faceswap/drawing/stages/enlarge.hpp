#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct EnlargeInput {
  const Picture& picture; ///< in the painted size
  cv::Size size{};        ///< of the picture that is drawn on
  const Points& points;   ///< 481, px of the picture that is drawn on
};

/// Returns the picture in the size that is drawn on. Alpha stays 255 between brows and lips and on the chin,
/// as in Picture, where `picture` has it so. The result shares its pixels when nothing is enlarged. Thread:
/// any.
Picture enlarge(const EnlargeInput& in);

} // namespace deid::faceswap::stage
