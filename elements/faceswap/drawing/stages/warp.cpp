#include "elements/faceswap/drawing/stages/warp.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap::stage {

namespace {

/// px^2; a smaller triangle is turned away from the viewer, or flat.
constexpr double least_area = 1e-6;
/// Barycentric. A pixel on an edge belongs to both sides, so that no crack opens.
constexpr double edge = -1e-6;

/// Returns the size of a face for the choice of a level, px.
double reach(const Points& points) {
  return std::max(
      {gap(points, point::ear_right, point::ear_left), gap(points, point::top, point::chin), 1.0});
}

/// The planes into which triangles are drawn, one value a pixel.
struct Canvas {
  cv::Mat source; ///< CV_32FC2: place in the texture, px with centres at integers
  cv::Mat offset; ///< CV_32FC3: colour to be added; empty: none
  cv::Mat shown;  ///< CV_8UC1
};

struct Corner {
  cv::Point2d at;
  cv::Vec2d source;
  cv::Vec3f offset{};
};

/// Returns the range of pixels that may lie between two positions, clipped.
cv::Range pixels(double low, double high, int limit) {
  return {static_cast<int>(std::clamp<double>(std::floor(low - 0.5), 0, limit)),
          static_cast<int>(std::clamp<double>(std::ceil(high + 0.5), 0, limit))};
}

void fill(const std::array<Corner, 3>& c, Canvas& canvas) {
  const cv::Point2d a = c[1].at - c[0].at, b = c[2].at - c[0].at;
  const double area = a.cross(b);
  if (!(area > least_area)) // turned away from the viewer, or flat
    return;
  const auto [left, right] = std::minmax({c[0].at.x, c[1].at.x, c[2].at.x});
  const auto [high, low] = std::minmax({c[0].at.y, c[1].at.y, c[2].at.y});
  const cv::Range columns = pixels(left, right, canvas.shown.cols),
                  rows = pixels(high, low, canvas.shown.rows);
  const cv::Vec2d u = c[1].source - c[0].source, v = c[2].source - c[0].source;
  const cv::Vec3f du = c[1].offset - c[0].offset, dv = c[2].offset - c[0].offset;
  const double step_s = b.y / area, step_t = -a.y / area;
  for (int y = rows.start; y < rows.end; ++y) {
    auto* source = canvas.source.ptr<cv::Vec2f>(y);
    auto* offset = canvas.offset.empty() ? nullptr : canvas.offset.ptr<cv::Vec3f>(y);
    std::uint8_t* shown = canvas.shown.ptr(y);
    const cv::Point2d p = cv::Point2d(columns.start + 0.5, y + 0.5) - c[0].at;
    const double first_s = p.cross(b) / area, first_t = a.cross(p) / area;
    for (int x = columns.start; x < columns.end; ++x) {
      const double s = first_s + step_s * (x - columns.start), t = first_t + step_t * (x - columns.start);
      if (s < edge || t < edge || s + t > 1 - edge)
        continue;
      source[x] = c[0].source + u * s + v * t;
      if (offset != nullptr)
        offset[x] = c[0].offset + du * static_cast<float>(s) + dv * static_cast<float>(t);
      shown[x] = 255;
    }
  }
}

/// Returns the triangles in order of depth, the farthest first.
std::vector<std::size_t> back_to_front(const std::vector<cv::Vec3i>& triangles, const Points& points) {
  std::vector<std::pair<float, std::size_t>> order;
  for (std::size_t i = 0; i < triangles.size(); ++i) {
    float depth = 0;
    for (int k = 0; k < 3; ++k)
      depth += points[static_cast<std::size_t>(triangles[i][k])].z;
    order.emplace_back(-depth, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> out;
  for (const auto& [depth, i] : order)
    out.push_back(i);
  return out;
}

void tint_pixels(const Canvas& canvas, const cv::Matx33f& g, cv::Mat& rgb) {
  for (int y = 0; y < rgb.rows; ++y) {
    const std::uint8_t* shown = canvas.shown.ptr(y);
    const auto* offset = canvas.offset.ptr<cv::Vec3f>(y);
    auto* row = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x) {
      if (shown[x] == 0)
        continue;
      const float r = row[x][0], green = row[x][1], b = row[x][2];
      for (int c = 0; c < 3; ++c)
        row[x][c] =
            cv::saturate_cast<std::uint8_t>(g(c, 0) * r + g(c, 1) * green + g(c, 2) * b + offset[x][c]);
    }
  }
}

} // namespace

Drawn warp(const WarpInput& in) {
  const auto& levels = in.texture.levels();
  const auto& triangles = in.texture.triangles();
  const double smaller = std::log2(reach(in.texture.points()) / reach(in.points));
  const auto level = static_cast<std::size_t>(
      std::clamp<double>(std::round(smaller), 0, static_cast<double>(levels.size() - 1)));
  const cv::Mat& picture = levels[level];
  const double scale_x = static_cast<double>(picture.cols) / in.texture.image().cols;
  const double scale_y = static_cast<double>(picture.rows) / in.texture.image().rows;
  const bool tinted = in.tint.offset.size() == in.points.size();

  Drawn out{{}, cv::Mat(in.size, CV_8UC1, cv::Scalar(0))};
  Canvas canvas{cv::Mat(in.size, CV_32FC2, cv::Scalar(0, 0)), cv::Mat(), out.shown};
  if (tinted)
    canvas.offset.create(in.size, CV_32FC3);
  for (const std::size_t i : back_to_front(triangles, in.points)) {
    std::array<Corner, 3> corners;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto index = static_cast<std::size_t>(triangles[i][static_cast<int>(k)]);
      const cv::Point2f& source = in.texture.sources()[index];
      corners.at(k) = {
          {static_cast<double>(in.points[index].x), static_cast<double>(in.points[index].y)},
          {static_cast<double>(source.x) * scale_x - 0.5, static_cast<double>(source.y) * scale_y - 0.5},
          tinted ? in.tint.offset[index] : cv::Vec3f()};
    }
    fill(corners, canvas);
  }
  cv::remap(picture, out.rgb, canvas.source, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  if (tinted)
    tint_pixels(canvas, in.tint.gain, out.rgb);
  return out;
}

} // namespace deid::faceswap::stage
