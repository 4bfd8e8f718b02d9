#pragma once
#include "elements/faceswap/drawing/zones.hpp"

namespace deid::faceswap::stage {

struct OutlineInput {
  const cv::Mat& shown; ///< CV_8UC1, 255 where the target was drawn
  const Points& points; ///< 481, px
};

/// Returns the area that is covered: where the target was drawn, and the person's whole face. A jaw that
/// moved inwards uncovers the person's own jaw, which is painted over, too. CV_8UC1, 255 or 0. Thread: any.
inline cv::Mat outline(const OutlineInput& in) {
  return in.shown | face_area(in.points, in.shown.size());
}

} // namespace deid::faceswap::stage
