#include "elements/faceswap/drawing/even_hue.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include "elements/faceswap/drawing/zones.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

/// The shares of red, green and blue in a colour; they sum to 3.
cv::Vec3f shares(const cv::Vec3b& c) {
  const cv::Vec3f light = cv::Vec3f(c) + cv::Vec3f::all(1);
  return light * (3 / (light[0] + light[1] + light[2]));
}

/// Returns the shares at each pixel, averaged softly over the skin around it.
cv::Mat soft_shares(const cv::Mat& rgb, const cv::Mat& skin, double sigma) {
  cv::Mat sum(rgb.size(), CV_32FC3, cv::Scalar::all(0)), weight(rgb.size(), CV_32FC1, cv::Scalar(0));
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x)
      if (skin.at<std::uint8_t>(y, x) != 0) {
        sum.at<cv::Vec3f>(y, x) = shares(rgb.at<cv::Vec3b>(y, x));
        weight.at<float>(y, x) = 1;
      }
  cv::GaussianBlur(sum, sum, {0, 0}, sigma);
  cv::GaussianBlur(weight, weight, {0, 0}, sigma);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x)
      sum.at<cv::Vec3f>(y, x) *= 1 / std::max(weight.at<float>(y, x), tuning::even_hue::least_weight);
  return sum;
}

cv::Vec3b turned(const cv::Vec3b& c, const cv::Vec3f& factor) {
  constexpr float red = .299F, green = .587F, blue = .114F;
  const cv::Vec3f to(static_cast<float>(c[0]) * factor[0], static_cast<float>(c[1]) * factor[1],
                     static_cast<float>(c[2]) * factor[2]);
  const float before =
      red * static_cast<float>(c[0]) + green * static_cast<float>(c[1]) + blue * static_cast<float>(c[2]);
  const float after = std::max(1.F, red * to[0] + green * to[1] + blue * to[2]);
  return cv::Vec3b(to * (before / after));
}

} // namespace

cv::Mat even_hue(const cv::Mat& rgb, const Points& landmarks) {
  const Points points = with_forehead(landmarks, 0);
  const cv::Mat skin = face_area(points, rgb.size()) & ~inner_area(points, rgb.size());
  if (cv::countNonZero(skin) == 0)
    return rgb.clone();
  const cv::Mat around = soft_shares(rgb, skin, tuning::even_hue::softness * face_size(landmarks));
  const cv::Scalar whole = cv::mean(around, skin);
  cv::Mat out(rgb.size(), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      cv::Vec3f factor;
      for (int c = 0; c < 3; ++c)
        factor[c] = std::clamp(static_cast<float>(whole[c]) / std::max(around.at<cv::Vec3f>(y, x)[c], .01F),
                               1 / tuning::even_hue::most, tuning::even_hue::most);
      out.at<cv::Vec3b>(y, x) = turned(rgb.at<cv::Vec3b>(y, x), factor);
    }
  return out;
}

} // namespace deid::faceswap
