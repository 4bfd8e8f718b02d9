#pragma once
#include <opencv2/core.hpp>
#include <span>

namespace deid::training {

/// Weight of a face's parts in the loss; skin has 1.
struct LossWeight {
  double eyes = 3, mouth = 2; ///< added to skin's weight there
  double outside = .1; ///< weight beyond the mask: not shown after blending, but it should continue the face
};

/// Returns the weight of each pixel of a crop with soft edges, CV_8UC1 in units of weight_unit (augment.hpp),
/// size x size. points: 468 of the face mesh, px of the crop. Throws std::invalid_argument on fewer.
cv::Mat loss_weight(std::span<const cv::Point2f> points, int size, const LossWeight& how = {});

} // namespace deid::training
