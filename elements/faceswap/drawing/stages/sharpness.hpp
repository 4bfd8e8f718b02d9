#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct SharpnessInput {
  const cv::Mat& original; ///< CV_8UC3
  const cv::Mat& rgb;      ///< CV_8UC3: the swap, with colours everywhere
  const cv::Mat& shown;    ///< CV_8UC1, 255 where the swap was drawn
  const Points& points;    ///< 481, px
  bool measure = true;     ///< false: the original cannot be compared, and the remembered step applies
};

/// Returns the swap as soft as its frame. step: the blur that matched before; -1 on a first frame; later it
/// changes by one a frame at most. Thread: one at a time for one step.
cv::Mat sharpness(const SharpnessInput& in, int& step);

} // namespace deid::faceswap::stage
