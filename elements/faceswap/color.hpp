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

/// On every pixel of `rgb` (CV_8UC3) where `where` (CV_8UC1) is not 0. centre, size: of the face in px; a
/// pixel's place is (its middle - centre) / size.
void apply(const Transfer& transfer, cv::Point2f centre, double size, const cv::Mat& where, cv::Mat& rgb);

} // namespace deid::faceswap
