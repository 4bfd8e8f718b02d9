#pragma once
#include <array>
#include <opencv2/core.hpp>

namespace deid::models {

/// The rotated rectangle that a network's crop shows. center: frame px. size: px (width, height before
/// rotation). rotation: radians, clockwise on screen.
struct RotatedRoi {
  cv::Point2f center{};
  cv::Size2f size{};
  float rotation = 0.F;
};

/// Returns the matrix from a pixel of the crop to the frame, for a crop of size `crop` (at least 1x1) that
/// shows `roi`. Pixel centres lie at integer + .5 in both (MediaPipe's convention).
cv::Matx23f crop_to_frame(const RotatedRoi& roi, cv::Size crop);

/// Applies a 2x3 matrix to a point.
cv::Point2f transform(const cv::Matx23f& matrix, cv::Point2f point);

/// Bilinear RGB crop, CV_8UC3 in and out: out(x, y) = image(matrix * (x, y)); black outside the image. An
/// empty image gives a black crop. Throws cv::Exception on another pixel type.
cv::Mat crop_image(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, cv::Size size);
/// The same into a matrix that the caller reuses.
void crop_image(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, cv::Size size, cv::Mat& out);

} // namespace deid::models
