#include "elements/cover/cover.hpp"
#include "elements/cover/outline.hpp"
#include "elements/cover/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::cover {

namespace {

/// Whole pixels that a shape touches by more than a hundredth, clipped to the frame.
/// They start and end at even positions, so that no chroma sample of a 4:2:0 frame belongs to pixels outside,
/// too.
cv::Rect pixels(double left, double top, double right, double bottom, cv::Size frame) {
  const auto low = [](double value, int limit) {
    return static_cast<int>(std::clamp<double>(std::floor(value + tuning::touch), 0, limit)) & ~1;
  };
  const auto high = [](double value, int limit) {
    const int up = static_cast<int>(std::clamp<double>(std::ceil(value - tuning::touch), 0, limit));
    return std::min(limit, (up + 1) & ~1);
  };
  const int x0 = low(left, frame.width);
  const int y0 = low(top, frame.height);
  const int x1 = high(right, frame.width);
  const int y1 = high(bottom, frame.height);
  return x1 > x0 && y1 > y0 ? cv::Rect(x0, y0, x1 - x0, y1 - y0) : cv::Rect();
}

Mask box_mask(const cv::Rect2d& box, cv::Size frame) {
  // a box beyond the frame's edge must not be clamped onto its last pixels
  if (box.x >= frame.width || box.y >= frame.height || box.br().x <= 0 || box.br().y <= 0)
    return {};
  Mask mask{pixels(box.x, box.y, box.br().x, box.br().y, frame), {}};
  if (!mask.bounds.empty())
    mask.mask = cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(255));
  return mask;
}

/// Contains pixels whose centre is at most one px outside, and so every pixel that the ellipse touches.
Mask ellipse_mask(const Ellipse& ellipse, cv::Size frame) {
  const double a = ellipse.a + tuning::ellipse_growth;
  const double b = ellipse.b + tuning::ellipse_growth;
  const cv::Point2d right = ellipse.right;
  const double half_x = std::hypot(a * right.x, b * right.y);
  const double half_y = std::hypot(a * right.y, b * right.x);
  const cv::Point2d c = ellipse.centre;
  Mask mask{pixels(c.x - half_x, c.y - half_y, c.x + half_x, c.y + half_y, frame), {}};
  if (mask.bounds.empty())
    return {};
  mask.mask = cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(0));
  for (int row = 0; row < mask.bounds.height; ++row) {
    const double y = mask.bounds.y + row + 0.5 - c.y;
    const double p = right.x / a, q = -right.y / b; // |(p, q) x + (s, t)| <= 1 along this row
    const double s = right.y * y / a, t = right.x * y / b;
    const double A = p * p + q * q, B = p * s + q * t, C = s * s + t * t - 1;
    const double root = B * B - A * C;
    if (root < 0)
      continue;
    const double first = (-B - std::sqrt(root)) / A + c.x - mask.bounds.x;
    const double last = (-B + std::sqrt(root)) / A + c.x - mask.bounds.x;
    const int begin = static_cast<int>(std::clamp<double>(std::floor(first), 0, mask.bounds.width));
    const int end = static_cast<int>(std::clamp<double>(std::ceil(last), 0, mask.bounds.width));
    if (end > begin)
      std::memset(mask.mask.ptr(row) + begin, 255, static_cast<std::size_t>(end - begin));
  }
  return mask;
}

Mask polygon_mask(const std::vector<cv::Point2d>& outline, cv::Size frame) {
  double left = outline.front().x, right = left, top = outline.front().y, bottom = top;
  for (const cv::Point2d& p : outline) {
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  constexpr double growth = tuning::polygon_growth;
  Mask mask{pixels(left - growth, top - growth, right + growth, bottom + growth, frame), {}};
  if (mask.bounds.empty())
    return {};
  const cv::Point2d centre((left + right) / 2, (top + bottom) / 2);
  std::vector<cv::Point> points;
  for (const cv::Point2d& p : outline) {
    const cv::Point2d out = p - centre;
    const double length = std::max(1e-6, std::hypot(out.x, out.y));
    const cv::Point2d grown = p + out * (growth / length);
    points.emplace_back(cvRound(grown.x) - mask.bounds.x, cvRound(grown.y) - mask.bounds.y);
  }
  mask.mask = cv::Mat(mask.bounds.size(), CV_8UC1, cv::Scalar(0));
  cv::fillConvexPoly(mask.mask, points, cv::Scalar(255));
  return mask;
}

} // namespace

Mask rasterize(const FaceRegion& face, Shape shape, float margin, cv::Size frame) {
  require_sane(face, margin);
  if (frame.width < 1 || frame.height < 1)
    throw std::invalid_argument("frame has no pixels");
  switch (shape) {
  case Shape::box:
    break;
  case Shape::ellipse:
    return ellipse_mask(ellipse_outline(face, margin), frame);
  case Shape::contour:
    // Without landmarks the contour is a box with at least this margin. An ellipse around it would hide more
    // of body and hands, but no more of the face.
    return face.landmarks.empty()
               ? box_mask(box_outline(face, std::max(margin, tuning::least_unknown_margin)), frame)
               : polygon_mask(contour_outline(face, margin), frame);
  case Shape::head:
    return ellipse_mask(head_outline(face, margin), frame);
  }
  return box_mask(box_outline(face, margin), frame);
}

} // namespace deid::cover
