#include "elements/faceswap/drawing/skin_in_mouth.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

/// Red and blue in shares of green, which light hardly changes, and the brightness.
struct Hue {
  double red = 0, blue = 0, light = 0;
};

Hue hue_of(const cv::Vec3d& c) {
  const double green = std::max(1., c[1]);
  return {c[0] / green, c[2] / green, c[0] + c[1] + c[2]};
}

bool like_skin(const cv::Vec3b& c, const Hue& skin) {
  const Hue hue = hue_of(c);
  return hue.light > tuning::skin_in_mouth::darkest * skin.light &&
         hue.light < tuning::skin_in_mouth::brightest * skin.light &&
         std::hypot(hue.red / skin.red - 1, hue.blue / skin.blue - 1) < tuning::skin_in_mouth::alike;
}

} // namespace

std::optional<double> skin_in_mouth(const cv::Mat& rgb, const Points& points, const cv::Vec3d& skin) {
  const Hue usual = hue_of(skin);
  if (std::hypot(usual.red - 1, usual.blue - 1) < tuning::skin_in_mouth::least_colour ||
      std::min(usual.red, usual.blue) <= 0)
    return {};
  std::vector<cv::Point> opening;
  for (const cv::Point2f& p : pick(points, part::inner_lips()))
    opening.emplace_back(cvFloor(p.x), cvFloor(p.y));
  const cv::Rect bounds = cv::boundingRect(opening) & cv::Rect({0, 0}, rgb.size());
  if (bounds.empty())
    return {};
  cv::Mat inside(bounds.size(), CV_8UC1, cv::Scalar(0));
  cv::fillPoly(inside, std::vector<std::vector<cv::Point>>{opening}, 255, cv::LINE_8, 0, -bounds.tl());
  const int step = std::max(1, bounds.width / tuning::skin_in_mouth::columns);
  int seen = 0, alike = 0;
  for (int y = 0; y < bounds.height; y += step)
    for (int x = 0; x < bounds.width; x += step)
      if (inside.at<std::uint8_t>(y, x) != 0) {
        ++seen;
        alike += like_skin(rgb.at<cv::Vec3b>(bounds.y + y, bounds.x + x), usual) ? 1 : 0;
      }
  if (seen < tuning::skin_in_mouth::least_seen)
    return {};
  return static_cast<double>(alike) / seen;
}

} // namespace deid::faceswap
