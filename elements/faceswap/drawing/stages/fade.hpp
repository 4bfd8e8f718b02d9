#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct FadeInput {
  const cv::Mat& covered; ///< CV_8UC1, 255 where the swap must cover
  const Points& points;   ///< 481, px
  float feather = 0;      ///< sizes of the face; see DrawOptions
};

/// Returns the alpha of the swap: full on the covered area, falling to 0 beyond. CV_8UC1. Thread: any.
cv::Mat fade(const FadeInput& in);

/// Returns the distance over which a swap fades out, px. points: 481.
double fade_reach(float feather, const Points& points);

/// Returns an alpha that is full on `shown` and falls to 0 over `reach` px beyond. The edge of the frame is
/// no edge of the face.
cv::Mat faded_outwards(const cv::Mat& shown, double reach);

} // namespace deid::faceswap::stage
