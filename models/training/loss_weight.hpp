#pragma once
#include <opencv2/core.hpp>
#include <span>

namespace deid::training {

/// How much of the loss the parts of a face bear, in multiples of skin (faceswap.md section 5).
struct LossWeight {
  double eyes = 3, mouth = 2; ///< added to 1 there
  double outside = .1; ///< beyond the mask: what lies there is blended away, but should go on from the face
};

/// Weight of each pixel of a crop, CV_8UC1 in units of weight_unit (augment.hpp), size x size; edges are
/// soft. points: 468 of the face mesh, px of the crop. Throws std::invalid_argument on fewer.
cv::Mat loss_weight(std::span<const cv::Point2f> points, int size, const LossWeight& how = {});

} // namespace deid::training
