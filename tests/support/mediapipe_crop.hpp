#pragma once
#include <opencv2/imgproc.hpp>

namespace deid::test {

/// Cuts a landmark crop as MediaPipe's CPU graphs do: bilinear without averaging, pixels counted by their
/// corner, the frame's edge repeated outside. rgb: CV_8UC3. side: px of the square crop.
inline cv::Mat mediapipe_hand_crop(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, int side) {
  cv::Mat crop;
  cv::warpAffine(rgb, crop, crop_to_frame, {side, side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return crop;
}

/// The same for a body. MediaPipe uses warpPerspective. warpAffine would round positions differently.
inline cv::Mat mediapipe_pose_crop(const cv::Mat& rgb, const cv::Matx23f& crop_to_frame, int side) {
  const cv::Matx23f& m = crop_to_frame;
  const cv::Matx33d full(m(0, 0), m(0, 1), m(0, 2), m(1, 0), m(1, 1), m(1, 2), 0, 0, 1);
  cv::Mat crop;
  cv::warpPerspective(rgb, crop, full, {side, side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                      cv::BORDER_REPLICATE);
  return crop;
}

} // namespace deid::test
