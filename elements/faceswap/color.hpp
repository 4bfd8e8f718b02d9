#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Colours of many pixels: mean and covariance of R, G, B (0..255).
struct Palette {
  cv::Vec3d mean{};
  cv::Matx33d covariance = cv::Matx33d::zeros();
};

/// Of at least one colour.
Palette palette_of(const std::vector<cv::Vec3b>& colors);

/// (1 - share) * old + share * now.
Palette blend(const Palette& old, const Palette& now, double share);

/// The linear map that takes colours of `from` to the mean and covariance of `to` and moves them least
/// (Monge-Kantorovich; Pitie and Kokaram 2007), as the 3x4 matrix of cv::transform. No direction is stretched
/// more than 2.5 times or squeezed more than to .4, so that a few odd pixels cannot burn the picture.
cv::Matx34d transfer(const Palette& from, const Palette& to);

} // namespace deid::faceswap
