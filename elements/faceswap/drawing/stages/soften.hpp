#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct SoftenInput {
  const cv::Mat& face;         ///< CV_8UC3, a crop
  const cv::Matx23f& to_frame; ///< takes px of the crop to px of the frame
};

/// Returns the face, blurred when the crop is larger than its place on the frame, so that nothing aliases.
/// Thread: any.
cv::Mat soften(const SoftenInput& in);

} // namespace deid::faceswap::stage
