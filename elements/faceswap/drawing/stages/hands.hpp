#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct HandsInput {
  const cv::Mat& alpha; ///< CV_8UC1
  const cv::Mat& hands; ///< CV_8UC1, 255: a hand lies in front of the face; empty: none does
  float sure = 0;       ///< certainty of the hands, [0..1]
  const Points& points; ///< 481, px
};

/// Returns the alpha with the swap behind hands. A hand that hides most of a face, or of the area between
/// brows and lips, is more likely the face itself, and changes nothing. A hand that was sure for long may
/// hide more. CV_8UC1. Thread: any.
cv::Mat hands(const HandsInput& in);

} // namespace deid::faceswap::stage
