#pragma once
#include "elements/faceswap/drawing/fringe.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

/// Returns the target's face on the crop with skin in place of the target's hair and background: the outlines
/// differ, and neither may lie on the person's cheek. CV_8UC3. Thread: any.
inline cv::Mat background(const Converted& in) {
  return skin_only(in.face, in.points, tuning::background::rim);
}

} // namespace deid::faceswap::stage
