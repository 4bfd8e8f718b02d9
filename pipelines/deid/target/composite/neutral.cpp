#include "pipelines/deid/target/composite/neutral.hpp"
#include <algorithm>
#include <array>
#include <cmath>

namespace deid::composites {

namespace {

using Curve = std::array<std::size_t, 11>; // from the corner on the left of the picture to the other
constexpr Curve upper_lip{78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308};
constexpr Curve lower_lip{78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308};
constexpr std::size_t outer_eye_left = 33, outer_eye_right = 263;
// Width between the inner corners of a closed, quiet mouth, in distances of the outer corners of the eyes.
constexpr float usual_width = .50F;
// Share of the height of the corners above the middle of the mouth that stays. With more, a smile stays.
constexpr float kept_curve = .3F;

/// Returns the height of a curve at x. Beyond the ends of the curve the height of the end applies.
float height_of(const std::vector<cv::Point3f>& face, const Curve& curve, float x) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const cv::Point3f &a = face[curve[i - 1]], &b = face[curve[i]];
    if (x < b.x || i + 1 == curve.size()) {
      const float t = b.x > a.x ? std::clamp((x - a.x) / (b.x - a.x), 0.F, 1.F) : 0.F;
      return a.y + t * (b.y - a.y);
    }
  }
  return face[curve.back()].y;
}

float bell(float distance, float width) {
  return std::exp(-distance * distance / (2 * width * width));
}

} // namespace

void close_mouth(std::vector<cv::Point3f>& face) {
  const std::vector<cv::Point3f> before = face;
  const float unit = before[outer_eye_right].x - before[outer_eye_left].x;
  const cv::Point3f &left = before[upper_lip.front()], &right = before[upper_lip.back()];
  const float width = right.x - left.x, middle = (left.x + right.x) / 2;
  if (!(unit > 0) || !(width > 0))
    return;
  const float center = (height_of(before, upper_lip, middle) + height_of(before, lower_lip, middle)) / 2;
  const float narrower = std::min(1.F, usual_width * unit / width);
  for (std::size_t i = 0; i < face.size(); ++i) {
    const cv::Point3f& p = before[i];
    const float top = height_of(before, upper_lip, p.x), bottom = height_of(before, lower_lip, p.x);
    const float line = (top + bottom) / 2;
    const bool above = std::ranges::find(upper_lip, i) != upper_lip.end() ||
                       (p.y < line && std::ranges::find(lower_lip, i) == lower_lip.end());
    const float from_lips = std::max(0.F, above ? top - p.y : p.y - bottom);
    const float beside = std::max(0.F, std::abs(p.x - middle) - width / 2);
    const float near = bell(from_lips, above ? .16F * unit : .3F * unit) * bell(beside, .12F * unit);
    const float open = (bottom - top) / 2;
    face[i].y += near * ((above ? open : -open) + (1 - kept_curve) * (center - line));
    face[i].x += near * (narrower - 1) * std::clamp(p.x - middle, -width / 2, width / 2);
  }
}

} // namespace deid::composites
