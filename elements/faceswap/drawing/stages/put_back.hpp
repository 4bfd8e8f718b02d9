#pragma once
#include "elements/faceswap/drawing/values.hpp"

namespace deid::faceswap::stage {

struct PutBackInput {
  const cv::Mat& face;         ///< CV_8UC3, a square crop
  const cv::Matx23f& to_frame; ///< takes px of the crop to px of the frame
  cv::Point at{};              ///< top left corner of the picture in the frame
  const Points& points;        ///< 481, px of the picture
  cv::Size size{};             ///< of the picture
};

/// Returns the face at its place on the picture, shown within the outline of the face and of the crop.
/// Thread: any.
Drawn put_back(const PutBackInput& in);

} // namespace deid::faceswap::stage
