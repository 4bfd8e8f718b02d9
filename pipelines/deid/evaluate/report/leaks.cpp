#include "pipelines/deid/evaluate/report/leaks.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::evaluate {

namespace {

/// Mask of changed pixels (255) within `part`. Gaps narrower than `width` px are filled.
cv::Mat changed(const cv::Mat& a, const cv::Mat& b, const cv::Rect& part, int width) {
  cv::Mat mask;
  cv::absdiff(a(part), b(part), mask);
  cv::threshold(mask, mask, same, 255, cv::THRESH_BINARY);
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(width, width, CV_8U));
  return mask;
}

/// The part of the picture around a face that the comparison needs.
cv::Rect around(const cv::Mat& picture, const cv::Rect2f& box, double margin) {
  const auto x1 = static_cast<int>(std::floor(box.x - margin)),
             y1 = static_cast<int>(std::floor(box.y - margin));
  const auto x2 = static_cast<int>(std::ceil(box.x + box.width + margin)),
             y2 = static_cast<int>(std::ceil(box.y + box.height + margin));
  return cv::Rect(x1, y1, x2 - x1, y2 - y1) & cv::Rect({}, picture.size());
}

/// Share of unchanged pixels in an ellipse; nothing when less than a fifth of it is in the picture.
std::optional<double> unchanged_in(const cv::Mat& mask, cv::Point2d middle, double rx, double ry) {
  const int x1 = std::max(0, static_cast<int>(std::floor(middle.x - rx))),
            x2 = std::min(mask.cols, static_cast<int>(std::ceil(middle.x + rx)) + 1),
            y1 = std::max(0, static_cast<int>(std::floor(middle.y - ry))),
            y2 = std::min(mask.rows, static_cast<int>(std::ceil(middle.y + ry)) + 1);
  std::size_t count = 0, equal = 0;
  for (int y = y1; y < y2; ++y)
    for (int x = x1; x < x2; ++x) {
      const double dx = (x - middle.x) / rx, dy = (y - middle.y) / ry;
      if (dx * dx + dy * dy > 1)
        continue;
      ++count;
      equal += mask.at<std::uint8_t>(y, x) == 0 ? 1 : 0;
    }
  if (count == 0 || static_cast<double>(count) < .2 * std::numbers::pi * rx * ry)
    return std::nullopt;
  return static_cast<double>(equal) / static_cast<double>(count);
}

} // namespace

std::optional<Shown> shown(const cv::Mat& original, const cv::Mat& result, const Seen& face) {
  if (original.type() != CV_8UC1 || result.type() != CV_8UC1 || original.size() != result.size())
    throw std::invalid_argument("pictures of different kinds cannot be compared");
  const double narrow = std::max(3., std::round(closing * face.box.width));
  const cv::Rect part = around(original, face.box, narrow);
  if (part.empty())
    return std::nullopt;
  const cv::Mat mask = changed(original, result, part, static_cast<int>(narrow));
  const cv::Point2d corner(part.tl());
  const cv::Point2d middle =
      cv::Point2d(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2) - corner;
  const auto within = unchanged_in(mask, middle, std::max(1., face.box.width / 2 * inner),
                                   std::max(1., face.box.height / 2 * inner));
  if (!within)
    return std::nullopt;
  Shown result_of{*within, 0};
  const double radius = std::max(1.5, mark_radius * face.box.width);
  for (const cv::Point2f& mark : face.marks) {
    const cv::Point2d at = cv::Point2d(mark) - corner;
    if (std::abs(at.x - middle.x) > face.box.width / 2 || std::abs(at.y - middle.y) > face.box.height / 2)
      continue; // a landmark outside of its own face's box is no evidence
    result_of.mark = std::max(result_of.mark, unchanged_in(mask, at, radius, radius).value_or(0));
  }
  return result_of;
}

} // namespace deid::evaluate
