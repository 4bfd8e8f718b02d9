#include "elements/faceswap/drawing/stages/shading.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

/// Returns differences times their weights in sum, and the weights.
void weigh(const cv::Mat& original, const cv::Mat& rgb, const cv::Mat& skin, cv::Mat& sum, cv::Mat& weight) {
  sum = cv::Mat(rgb.size(), CV_32FC3, cv::Scalar::all(0));
  weight = cv::Mat(rgb.size(), CV_32FC1, cv::Scalar(0));
  for (int y = 0; y < rgb.rows; ++y)
    for (int x = 0; x < rgb.cols; ++x) {
      const float share = static_cast<float>(skin.at<std::uint8_t>(y, x)) / 255;
      if (share <= 0)
        continue;
      const cv::Vec3f d = cv::Vec3f(original.at<cv::Vec3b>(y, x)) - cv::Vec3f(rgb.at<cv::Vec3b>(y, x));
      const float mean = (d[0] + d[1] + d[2]) / 3;
      const float away = mean / (mean < 0 ? tuning::shading::odd_dark : tuning::shading::odd_light);
      const float color = std::max({std::abs(d[0] - mean), std::abs(d[1] - mean), std::abs(d[2] - mean)}) /
                          tuning::shading::odd_color;
      const float odd = away * away + color * color * color * color;
      if (odd > tuning::shading::odd_most)
        continue;
      const float counts = share / (1 + odd);
      sum.at<cv::Vec3f>(y, x) = d * counts;
      weight.at<float>(y, x) = counts;
    }
}

} // namespace

cv::Mat shading(const ShadingInput& in) {
  const double scale = std::min(1.0, tuning::shading::work_size / in.size);
  const cv::Size work(std::max(1, cvRound(in.rgb.cols * scale)), std::max(1, cvRound(in.rgb.rows * scale)));
  cv::Mat is, has, where, sum, weight;
  cv::resize(in.original, is, work, 0, 0, cv::INTER_LINEAR); // aliasing is blurred away below
  cv::resize(in.rgb, has, work, 0, 0, cv::INTER_LINEAR);
  cv::resize(in.skin, where, work, 0, 0, cv::INTER_AREA);
  weigh(is, has, where, sum, weight);
  const double sigma = std::max(tuning::shading::least_sigma,
                                tuning::shading::softness * std::min(in.size, tuning::shading::work_size));
  cv::GaussianBlur(sum, sum, {0, 0}, sigma);
  cv::GaussianBlur(weight, weight, {0, 0}, sigma);
  cv::Mat shift(work, CV_16SC3);
  for (int y = 0; y < work.height; ++y)
    for (int x = 0; x < work.width; ++x) {
      const cv::Vec3f d = sum.at<cv::Vec3f>(y, x) * (1 / (weight.at<float>(y, x) + tuning::shading::doubt));
      for (int c = 0; c < 3; ++c)
        shift.at<cv::Vec3s>(y, x)[c] =
            static_cast<short>(cvRound(std::clamp(d[c], -tuning::shading::most, tuning::shading::most)));
    }
  cv::resize(shift, shift, in.rgb.size(), 0, 0, cv::INTER_LINEAR);
  cv::Mat out;
  cv::add(in.rgb, shift, out, cv::noArray(), CV_8U);
  return out;
}

} // namespace deid::faceswap::stage
