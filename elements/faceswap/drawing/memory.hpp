#pragma once
#include "elements/faceswap/drawing/correction.hpp"
#include "elements/faceswap/drawing/geometry.hpp"
#include "elements/faceswap/drawing/skin.hpp"
#include "elements/faceswap/drawing/stages/steady.hpp"

namespace deid::faceswap {

/// The drawing's state of one person with one target, so that light, sharpness and form do not flicker. It is
/// all that passes from one frame to the next. It holds no picture of the person.
struct Memory {
  SkinMemory skin{};       ///< written by the stages tint and recolour, read by mouth, geometry and own_parts
  SteadyMemory steady{};   ///< of the stage steady
  RestShape rest{};        ///< on the last target; of the stages mouth and geometry
  Correction correction{}; ///< read by the stage correction; Swapper::correct() teaches it
  int softness = -1;       ///< of the stage sharpness: step of the blur that matches; -1: not known yet
  cv::Mat brought{};       ///< the last face of the target, a crop; of the stages recolour and soften
  Points meant{};          ///< intended landmarks of the last swap, frame px; empty: not known
  int since_look = 0;      ///< frames since the correction last saw a result
};

} // namespace deid::faceswap
