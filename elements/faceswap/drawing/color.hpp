#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Statistics of a face's colours (R, G, B, 0..255): the mean, the slope across the face (light from one
/// side), and the covariance of the rest.
struct Palette {
  cv::Vec3d mean{};
  cv::Matx32d slope = cv::Matx32d::zeros(); ///< levels per unit of place, along x and y
  cv::Matx33d covariance = cv::Matx33d::zeros();
};

/// Returns the statistics of one colour or more. places: where each colour was seen, relative to the centre
/// of the face, in sizes of the face. A slope of more than 150 levels a face is cut, because no light does
/// that. Throws std::invalid_argument on no colours, or on another number of places.
Palette palette_of(const std::vector<cv::Vec3b>& colors, const std::vector<cv::Point2f>& places);

/// Returns (1 - share) * old + share * now.
Palette blend(const Palette& old, const Palette& now, double share);

/// Changes the colour c at place p to gain * c + shift + slope * p.
struct Transfer {
  cv::Matx33d gain = cv::Matx33d::eye();
  cv::Vec3d shift{};
  cv::Matx32d slope = cv::Matx32d::zeros();
};

/// Returns the transfer that gives colours with the statistics `from` the statistics `to`. It takes out the
/// light from one side, applies the linear map that moves colours least (Monge-Kantorovich; Pitie and Kokaram
/// 2007), and adds the light of `to`. No direction is stretched more than 2.5 times or squeezed below .4, so
/// a few odd pixels cannot burn the picture.
Transfer transfer(const Palette& from, const Palette& to);

/// Returns the colour c at place p after a transfer.
cv::Vec3d transferred(const Transfer& transfer, const cv::Vec3d& c, cv::Point2f p);

/// The effect of light on a face beyond a slope: soft differences of colour, on a grid over the face. Places
/// are within [0..1] x [0..1], whatever the size of the face. Large differences, such as a hand or a strand
/// of hair, count little. Thread: one at a time.
class Light {
public:
  /// Learns differences. differences: levels of R, G, B to be added at `places`. share: weight of the new
  /// differences in the state; the first call counts fully. Throws std::invalid_argument on two lengths.
  void learn(const std::vector<cv::Vec3f>& differences, const std::vector<cv::Point2f>& places, double share);
  /// Returns the levels to be added at a place; 0 before the first learn().
  [[nodiscard]] cv::Vec3f at(cv::Point2f place) const;

private:
  cv::Mat grid_{}; ///< CV_32FC3
};

} // namespace deid::faceswap
