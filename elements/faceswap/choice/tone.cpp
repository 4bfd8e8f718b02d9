#include "elements/faceswap/choice/tone.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include "models/statistics/median.hpp"
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

namespace deid::faceswap {

namespace {

constexpr std::array<std::size_t, 24> skin_points{50,  280, 101, 330, 117, 346, 118, 347, 123, 352, 36,  266,
                                                  205, 425, 187, 411, 151, 9,   108, 337, 5,   195, 142, 371};
constexpr std::size_t mesh_size = 468;

} // namespace

std::optional<Tone> skin_tone(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks) {
  if (rgb.type() != CV_8UC3 || landmarks.size() != mesh_size)
    return {};
  const cv::Rect whole({0, 0}, rgb.size());
  std::vector<cv::Vec3f> seen;
  for (const std::size_t i : skin_points) {
    const cv::Point3f& p = landmarks[i];
    if (!(std::abs(p.x) < tuning::tone::largest_place &&
          std::abs(p.y) < tuning::tone::largest_place)) // refuses NaN as well
      continue;
    const cv::Rect around =
        cv::Rect(cvFloor(p.x) - tuning::tone::patch / 2, cvFloor(p.y) - tuning::tone::patch / 2,
                 tuning::tone::patch, tuning::tone::patch) &
        whole;
    if (around.empty())
      continue;
    const cv::Scalar mean = cv::mean(rgb(around)) / 255;
    seen.emplace_back(static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2]));
  }
  if (seen.size() < skin_points.size() / tuning::tone::least_places)
    return {};
  cv::Mat lab;
  cv::cvtColor(cv::Mat(seen, false).reshape(3, 1), lab, cv::COLOR_RGB2Lab);
  Tone tone;
  for (int channel = 0; channel < 3; ++channel) {
    std::vector<float> values;
    for (int x = 0; x < lab.cols; ++x)
      values.push_back(lab.at<cv::Vec3f>(0, x)[channel]);
    tone[channel] = statistics::upper_median(std::move(values));
  }
  return tone;
}

double tone_difference(const Tone& a, const Tone& b) {
  const Tone d = a - b;
  return std::hypot(static_cast<double>(d[0]) * tuning::tone::lightness, static_cast<double>(d[1]),
                    static_cast<double>(d[2]));
}

} // namespace deid::faceswap
