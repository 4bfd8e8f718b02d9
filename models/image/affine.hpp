#pragma once
#include <array>
#include <opencv2/core.hpp>

namespace deid::models {

/// A rotated rectangle that a network looks at.
/// center: px in the frame; size: px (width, height before rotation); rotation: radians, clockwise on screen.
struct RotatedRoi {
  cv::Point2f center{};
  cv::Size2f size{};
  float rotation = 0.F;
};

/// Matrix that takes a pixel of a crop (size `crop`, at least 1x1) to the frame, so that the crop shows
/// `roi`. Pixel centres are at integer + .5 in both systems (MediaPipe's convention).
cv::Matx23f crop_to_frame(const RotatedRoi& roi, cv::Size crop);

/// Applies a 2x3 matrix to a point.
cv::Point2f transform(const cv::Matx23f& matrix, cv::Point2f point);

/// Bilinear RGB crop (CV_8UC3 in, CV_8UC3 out): out(x, y) = image(matrix * (x, y)); outside the image black.
/// An empty image gives a black crop. Throws cv::Exception on another pixel type.
cv::Mat crop_image(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, cv::Size size);
/// The same into a matrix that is kept from call to call.
void crop_image(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, cv::Size size, cv::Mat& out);

} // namespace deid::models
