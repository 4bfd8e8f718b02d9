#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct SurroundingsInput {
  const cv::Mat& original; ///< CV_8UC3
  const cv::Mat& free;     ///< CV_8UC1, not 0 where the original may be seen; empty: everywhere
};

/// Returns the picture mixed with the frame where it is free. There the mixture hides the blur, so hair,
/// ears, neck and background come back. An alpha that is all 0 stays: nothing was drawn, and nothing may
/// show. picture: is used up. Thread: any.
Picture surroundings(const SurroundingsInput& in, Picture&& picture);

} // namespace deid::faceswap::stage
