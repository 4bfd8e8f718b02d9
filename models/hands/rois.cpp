#include "models/hands/hands.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace deid::models {
namespace {

/// The rotation that makes the line from `low` to `high` point straight up.
float upright(cv::Point2f low, cv::Point2f high) {
  return std::numbers::pi_v<float> / 2 - std::atan2(-(high.y - low.y), high.x - low.x);
}

cv::Point2f turned(cv::Point2f point, float angle) {
  const float c = std::cos(angle);
  const float s = std::sin(angle);
  return {c * point.x - s * point.y, s * point.x + c * point.y};
}

/// MediaPipe's RectTransformationCalculator: moves the region up by `up` heights and makes it a square of
/// `scale` times its longer side.
RotatedRoi grown(const RotatedRoi& roi, float scale, float up) {
  const float side = scale * std::max(roi.size.width, roi.size.height);
  return {.center = roi.center + turned({0, -up * roi.size.height}, roi.rotation),
          .size = {side, side},
          .rotation = roi.rotation};
}

} // namespace

RotatedRoi hand_roi(const PalmDetection& palm) {
  const cv::Rect2f& box = palm.box;
  return grown({.center = {box.x + box.width / 2, box.y + box.height / 2},
                .size = box.size(),
                .rotation = upright(palm.keypoints[0], palm.keypoints[2])},
               2.6F, .5F);
}

RotatedRoi hand_roi(const std::vector<cv::Point3f>& points) {
  CV_Assert(points.size() == HandLandmarks::point_count);
  constexpr std::array<std::size_t, 12> steady{0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18};
  const auto at = [&](std::size_t i) { return cv::Point2f(points[i].x, points[i].y); };
  const cv::Point2f roots = ((at(5) + at(13)) / 2 + at(9)) / 2; // index and ring finger, then the middle one
  const float rotation = upright(at(0), roots);

  const auto box_of = [&](float angle) {
    cv::Point2f low = turned(at(steady[0]), angle);
    cv::Point2f high = low;
    for (const std::size_t i : steady) {
      const cv::Point2f point = turned(at(i), angle);
      low = {std::min(low.x, point.x), std::min(low.y, point.y)};
      high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
    return cv::Rect2f(low, high);
  };
  const cv::Rect2f box = box_of(-rotation);
  const cv::Point2f centre = turned({box.x + box.width / 2, box.y + box.height / 2}, rotation);
  return grown({.center = centre, .size = box.size(), .rotation = rotation}, 2.F, .1F);
}

RotatedRoi hand_roi(cv::Point2f wrist, cv::Point2f index, cv::Point2f little) {
  const cv::Point2f middle = (2 * index + little) / 3;
  const float side = 2 * std::hypot(middle.x - wrist.x, middle.y - wrist.y);
  return grown({.center = middle, .size = {side, side}, .rotation = upright(wrist, middle)}, 2.7F, .1F);
}

RotatedRoi hand_roi(cv::Point2f elbow, cv::Point2f wrist) {
  const cv::Point2f middle = wrist + (wrist - elbow) / 3;
  return hand_roi(wrist, middle, middle);
}

} // namespace deid::models
