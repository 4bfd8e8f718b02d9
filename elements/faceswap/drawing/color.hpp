#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::faceswap {

/// Colours of a face (R, G, B, 0..255): their mean, how they change across it (light from one side), and the
/// covariance of what is left.
struct Palette {
  cv::Vec3d mean{};
  cv::Matx32d slope = cv::Matx32d::zeros(); ///< levels per unit of place, along x and y
  cv::Matx33d covariance = cv::Matx33d::zeros();
};

/// Of at least one colour. places: where each was seen, relative to the face's centre in sizes of the face.
/// Slopes beyond what light does (150 levels a face) are cut.
Palette palette_of(const std::vector<cv::Vec3b>& colors, const std::vector<cv::Point2f>& places);

/// (1 - share) * old + share * now.
Palette blend(const Palette& old, const Palette& now, double share);

/// A colour that was `c` at place p becomes gain * c + shift + slope * p.
struct Transfer {
  cv::Matx33d gain = cv::Matx33d::eye();
  cv::Vec3d shift{};
  cv::Matx32d slope = cv::Matx32d::zeros();
};

/// Takes light from one side out of `from` and puts that of `to` in; between, the linear map that takes the
/// colours to the mean and covariance of `to` and moves them least (Monge-Kantorovich; Pitie and Kokaram
/// 2007). No direction is stretched more than 2.5 times or squeezed more than to .4, so that a few odd pixels
/// cannot burn the picture.
Transfer transfer(const Palette& from, const Palette& to);

/// The colour c at place p after a transfer.
cv::Vec3d transferred(const Transfer& transfer, const cv::Vec3d& c, cv::Point2f p);

/// What light does to a face beyond a slope: soft differences of colour, on a grid over it. A place on it is
/// within [0..1] x [0..1], whatever the face's size. Differences a palette cannot explain (a hand, a strand
/// of hair) count little.
class Light {
public:
  /// differences: levels of R, G, B to be added at `places`; share: of these in what is remembered (a first
  /// time is taken whole). Both of one length.
  void learn(const std::vector<cv::Vec3f>& differences, const std::vector<cv::Point2f>& places, double share);
  /// Levels to be added; 0 before the first learning.
  [[nodiscard]] cv::Vec3f at(cv::Point2f place) const;

private:
  cv::Mat grid_{}; ///< CV_32FC3
};

} // namespace deid::faceswap
