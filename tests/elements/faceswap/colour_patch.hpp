#pragma once
#include <opencv2/core.hpp>
#include <span>

namespace deid::faceswap {

/// Colours in the middle of a face.
struct ColourPatch {
  cv::Scalar mean{}, deviation{};
  /// A face of one flat colour is a person; one with texture is a result.
  [[nodiscard]] bool is_result() const { return deviation[0] + deviation[1] + deviation[2] > 1; }
};

inline ColourPatch colour_patch(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  cv::Point2f middle;
  for (const cv::Point3f& p : landmarks)
    middle += cv::Point2f(p.x, p.y) / static_cast<float>(landmarks.size());
  const cv::Rect patch(cv::Point(middle) - cv::Point(20, 20), cv::Size(41, 41));
  ColourPatch colours;
  cv::meanStdDev(rgb(patch & cv::Rect({0, 0}, rgb.size())), colours.mean, colours.deviation);
  return colours;
}

} // namespace deid::faceswap
