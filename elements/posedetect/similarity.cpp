#include "elements/posedetect/similarity.hpp"
#include "elements/posedetect/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::posedetect {

namespace {
cv::Rect2f extent_of(const Figure& figure, float least) {
  float left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  int count = 0;
  for (std::size_t i = 0; i < figure.points.size(); ++i) {
    if (figure.visibility[i] < least)
      continue;
    ++count;
    left = std::min(left, figure.points[i].x), right = std::max(right, figure.points[i].x);
    top = std::min(top, figure.points[i].y), bottom = std::max(bottom, figure.points[i].y);
  }
  if (count < tuning::least_for_extent)
    return least > 0 ? extent_of(figure, 0.F) : cv::Rect2f();
  return {left, top, right - left, bottom - top};
}

struct Mean {
  float sum = 0.F;
  int count = 0;
};

struct Range {
  std::size_t first = 0, end = 33;
};
constexpr Range arms{11, 17}; // BlazePose: shoulders, elbows, wrists

Mean mean_similarity(const Figure& a, const Figure& b, float least, Range range = {}) {
  const float unit = tuning::tolerance * std::max(1.F, (a.radius + b.radius) / 2);
  Mean mean;
  for (std::size_t i = range.first; i < std::min({range.end, a.points.size(), b.points.size()}); ++i) {
    if (a.visibility[i] < least || b.visibility[i] < least)
      continue;
    const cv::Point2f away = (a.points[i] - b.points[i]) / unit;
    mean.sum += std::exp(-(away.x * away.x + away.y * away.y) / 2);
    ++mean.count;
  }
  return mean;
}
} // namespace

Figure figure_of(const models::PoseResult& found) {
  Figure figure;
  for (const models::PosePoint& point : found.points) {
    figure.points.emplace_back(point.at.x, point.at.y);
    figure.visibility.push_back(point.visibility);
  }
  figure.extent = extent_of(figure, tuning::visible);
  figure.centre = found.alignment[0];
  const cv::Point2f up = found.alignment[1] - found.alignment[0];
  figure.radius = std::max(1.F, std::hypot(up.x, up.y));
  return figure;
}

Figure moved(Figure figure, cv::Point2f by) {
  for (cv::Point2f& point : figure.points)
    point += by;
  figure.extent += by;
  figure.centre += by;
  return figure;
}

float similarity(const Figure& a, const Figure& b) {
  Mean mean = mean_similarity(a, b, tuning::visible);
  if (mean.count < tuning::enough_points)
    mean = mean_similarity(a, b, 0.F);
  return mean.count == 0 ? 0.F : mean.sum / static_cast<float>(mean.count);
}

bool same_body(const Figure& a, const Figure& b) {
  if (similarity(a, b) >= tuning::same_person)
    return true;
  const Mean mean = mean_similarity(a, b, tuning::visible, arms);
  return mean.count >= tuning::enough_of_arms &&
         mean.sum >= tuning::same_arms * static_cast<float>(mean.count);
}

} // namespace deid::posedetect
