#include "models/image/affine.hpp"
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::models {

cv::Matx23f crop_to_frame(const RotatedRoi& roi, cv::Size crop) {
  CV_Assert(crop.width > 0 && crop.height > 0);
  const float c = std::cos(roi.rotation);
  const float s = std::sin(roi.rotation);
  const float sx = roi.size.width / static_cast<float>(crop.width);
  const float sy = roi.size.height / static_cast<float>(crop.height);
  const float half_w = roi.size.width / 2;
  const float half_h = roi.size.height / 2;
  return {c * sx, -s * sy, roi.center.x - c * half_w + s * half_h,
          s * sx, c * sy,  roi.center.y - s * half_w - c * half_h};
}

cv::Point2f transform(const cv::Matx23f& matrix, cv::Point2f point) {
  return {matrix(0, 0) * point.x + matrix(0, 1) * point.y + matrix(0, 2),
          matrix(1, 0) * point.x + matrix(1, 1) * point.y + matrix(1, 2)};
}

void crop_image(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, cv::Size size, cv::Mat& out) {
  CV_Assert(rgb.type() == CV_8UC3 && size.width > 0 && size.height > 0);
  out.create(size, CV_8UC3);
  if (rgb.empty()) {
    out.setTo(cv::Scalar::all(0));
    return;
  }
  // OpenCV puts pixel centres at whole numbers, we at + .5: shift by half a pixel on both sides.
  cv::Matx23f by_index = crop_to_frame;
  const cv::Point2f shift = transform(crop_to_frame, {.5F, .5F}) - cv::Point2f(.5F, .5F);
  by_index(0, 2) = shift.x;
  by_index(1, 2) = shift.y;
  cv::warpAffine(rgb, out, by_index, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT);
}

cv::Mat crop_image(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, cv::Size size) {
  cv::Mat out;
  crop_image(rgb, crop_to_frame, size, out);
  return out;
}

} // namespace deid::models
