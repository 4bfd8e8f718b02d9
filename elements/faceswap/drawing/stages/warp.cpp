#include "elements/faceswap/drawing/stages/warp.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/video/vectorised.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <span>

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

/// A plane over the pixels: value at (x, y) = base + x * right + y * down.
template <class V> struct Plane { V base{}, right{}, down{}; };

struct Corner {
  cv::Point2d at;
  cv::Vec2d source;
  cv::Vec3d offset{};
};

/// A triangle that faces the viewer.
struct Triangle {
  std::array<Corner, 3> corners;
  Plane<double> s, t;      ///< barycentric coordinates of a pixel's centre
  Plane<cv::Vec2d> source; ///< place in the texture, px with centres at integers
  Plane<cv::Vec3d> offset; ///< colour to be added
};

/// Returns the plane that has the corners' values at the corners.
template <class V> Plane<V> plane(const Triangle& of, const V& first, const V& second, const V& third) {
  const V u = second - first, v = third - first;
  return {first + u * of.s.base + v * of.t.base, u * of.s.right + v * of.t.right,
          u * of.s.down + v * of.t.down};
}

/// Returns nothing for a triangle that is turned away from the viewer, or flat.
std::optional<Triangle> triangle(const std::array<Corner, 3>& c) {
  const cv::Point2d a = c[1].at - c[0].at, b = c[2].at - c[0].at;
  const cv::Point2d from = cv::Point2d(0.5, 0.5) - c[0].at; // of the centre of pixel (0, 0)
  const double area = a.cross(b);
  if (!(area > least_area))
    return std::nullopt;
  Triangle out{c,
               {from.cross(b) / area, b.y / area, -b.x / area},
               {a.cross(from) / area, -a.y / area, a.x / area},
               {},
               {}};
  out.source = plane(out, c[0].source, c[1].source, c[2].source);
  out.offset = plane(out, c[0].offset, c[1].offset, c[2].offset);
  return out;
}

/// Returns the range of pixels that may lie between two positions, clipped.
cv::Range pixels(double low, double high, int limit) {
  return {static_cast<int>(std::clamp<double>(std::floor(low - 0.5), 0, limit)),
          static_cast<int>(std::clamp<double>(std::ceil(high + 0.5), 0, limit))};
}

/// Keeps the columns in which value + x * slope is not below the edge.
void keep(double value, double slope, cv::Range& columns) {
  if (slope == 0) {
    if (value < edge)
      columns.end = columns.start;
    return;
  }
  const double at = std::clamp<double>((edge - value) / slope, columns.start - 1, columns.end + 1);
  if (slope > 0)
    columns.start = std::max(columns.start, static_cast<int>(std::ceil(at)));
  else
    columns.end = std::min(columns.end, static_cast<int>(std::floor(at)) + 1);
}

/// Writes the number of the triangle into its pixels. ids: CV_16UC1.
void fill(const Triangle& of, std::uint16_t number, cv::Mat& ids) {
  const auto& c = of.corners;
  const auto [left, right] = std::minmax({c[0].at.x, c[1].at.x, c[2].at.x});
  const auto [high, low] = std::minmax({c[0].at.y, c[1].at.y, c[2].at.y});
  const cv::Range rows = pixels(high, low, ids.rows);
  for (int y = rows.start; y < rows.end; ++y) {
    const double s = of.s.base + y * of.s.down, t = of.t.base + y * of.t.down;
    cv::Range columns = pixels(left, right, ids.cols);
    keep(s, of.s.right, columns);
    keep(t, of.t.right, columns);
    keep(1 - s - t, -of.s.right - of.t.right, columns);
    if (columns.start < columns.end)
      std::fill(ids.ptr<std::uint16_t>(y) + columns.start, ids.ptr<std::uint16_t>(y) + columns.end, number);
  }
}

/// Writes base + k * step into place k of a row. channels: neighbours in the row.
template <int channels>
void ramp(const cv::Vec<double, channels>& base, const cv::Vec<double, channels>& step, int count,
          float* row) {
  std::array<float, channels> first{}, more{};
  for (int c = 0; c < channels; ++c) {
    first[static_cast<std::size_t>(c)] = static_cast<float>(base[c]);
    more[static_cast<std::size_t>(c)] = static_cast<float>(step[c]);
  }
  for (int k = 0; k < count; ++k)
    for (int c = 0; c < channels; ++c)
      row[k * channels + c] =
          first[static_cast<std::size_t>(c)] + static_cast<float>(k) * more[static_cast<std::size_t>(c)];
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

/// Returns the triangles that face the viewer, the farthest first. scale: of the texture's level to level 0.
std::vector<Triangle> visible(const WarpInput& in, cv::Point2d scale) {
  const bool tinted = in.tint.offset.size() == in.points.size();
  const auto& triangles = in.texture.triangles();
  std::vector<Triangle> out;
  for (const std::size_t i : back_to_front(triangles, in.points)) {
    std::array<Corner, 3> corners;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto index = static_cast<std::size_t>(triangles[i][static_cast<int>(k)]);
      const cv::Point2f& source = in.texture.sources()[index];
      corners.at(k) = {
          {static_cast<double>(in.points[index].x), static_cast<double>(in.points[index].y)},
          {static_cast<double>(source.x) * scale.x - 0.5, static_cast<double>(source.y) * scale.y - 0.5},
          tinted ? cv::Vec3d(in.tint.offset[index]) : cv::Vec3d()};
    }
    if (const std::optional<Triangle> seen = triangle(corners))
      out.push_back(*seen);
  }
  return out;
}

/// Some rows of the result: for each pixel its place in the texture, and the colour to be added.
struct Band {
  cv::Mat source; ///< CV_32FC2
  cv::Mat offset; ///< CV_32FC3
};

/// Fills one row of the band from the numbers of the triangles.
void fill_row(const std::vector<Triangle>& triangles, const std::uint16_t* ids, int y, int columns,
              float* source, float* offset) {
  for (int x = 0; x < columns;) {
    int end = x + 1;
    while (end < columns && ids[end] == ids[x])
      ++end;
    if (ids[x] != 0) {
      const Triangle& of = triangles[ids[x] - 1U];
      ramp<2>(of.source.base + y * of.source.down + x * of.source.right, of.source.right, end - x,
              source + 2 * static_cast<std::ptrdiff_t>(x));
      ramp<3>(of.offset.base + y * of.offset.down + x * of.offset.right, of.offset.right, end - x,
              offset + 3 * static_cast<std::ptrdiff_t>(x));
    } else {
      std::fill(source + 2 * static_cast<std::ptrdiff_t>(x), source + 2 * static_cast<std::ptrdiff_t>(end),
                0.F);
    }
    x = end;
  }
}

/// Returns the columns from the first to the last pixel of a row that has a triangle.
cv::Range drawn_columns(const cv::Mat& ids) {
  const std::span<const std::uint16_t> row(ids.ptr<std::uint16_t>(), static_cast<std::size_t>(ids.cols));
  const auto some = [](std::uint16_t id) { return id != 0; };
  const auto first = std::ranges::find_if(row, some);
  if (first == row.end())
    return {0, 0};
  const auto last = std::find_if(row.rbegin(), row.rend(), some);
  return {static_cast<int>(first - row.begin()), static_cast<int>(row.rend() - last)};
}

/// gain: row by row.
DEID_VECTORISED void tint_row(const float* offset, const std::uint16_t* ids, const float* gain, int columns,
                              std::uint8_t* rgb) {
  for (int x = 0; x < columns; ++x) {
    const float r = rgb[3 * x], g = rgb[3 * x + 1], b = rgb[3 * x + 2];
    for (int c = 0; c < 3; ++c) {
      const float value = gain[3 * c] * r + gain[3 * c + 1] * g + gain[3 * c + 2] * b + offset[3 * x + c];
      const auto tinted = static_cast<std::uint8_t>(std::clamp(value, 0.F, 255.F) + .5F);
      rgb[3 * x + c] = ids[x] != 0 ? tinted : rgb[3 * x + c];
    }
  }
}

/// Draws the triangles band by band, so that the numbers of a band stay in the processor's cache.
void paint(const std::vector<Triangle>& triangles, const cv::Mat& ids, const cv::Mat& picture,
           const Tint& tint, cv::Mat& rgb) {
  constexpr int band_rows = 16;
  const bool tinted = !tint.offset.empty();
  Band band{cv::Mat(band_rows, ids.cols, CV_32FC2, cv::Scalar::all(0)),
            cv::Mat(band_rows, ids.cols, CV_32FC3, cv::Scalar::all(0))};
  for (int top = 0; top < ids.rows; top += band_rows) {
    const cv::Range rows(top, std::min(top + band_rows, ids.rows));
    for (int y = rows.start; y < rows.end; ++y)
      fill_row(triangles, ids.ptr<std::uint16_t>(y), y, ids.cols, band.source.ptr<float>(y - top),
               band.offset.ptr<float>(y - top));
    cv::Mat drawn = rgb.rowRange(rows);
    cv::remap(picture, drawn, band.source.rowRange(0, rows.size()), cv::noArray(), cv::INTER_LINEAR,
              cv::BORDER_REPLICATE);
    for (int y = rows.start; tinted && y < rows.end; ++y) {
      const cv::Range there = drawn_columns(ids.row(y));
      tint_row(band.offset.ptr<float>(y - top) + 3 * static_cast<std::ptrdiff_t>(there.start),
               ids.ptr<std::uint16_t>(y) + there.start, tint.gain.val, there.size(),
               rgb.ptr(y) + 3 * static_cast<std::ptrdiff_t>(there.start));
    }
  }
}

} // namespace

Drawn warp(const WarpInput& in) {
  const auto& levels = in.texture.levels();
  const double smaller = std::log2(reach(in.texture.points()) / reach(in.points));
  const auto level = static_cast<std::size_t>(
      std::clamp<double>(std::round(smaller), 0, static_cast<double>(levels.size() - 1)));
  const cv::Mat& picture = levels[level];
  const cv::Point2d scale(static_cast<double>(picture.cols) / in.texture.image().cols,
                          static_cast<double>(picture.rows) / in.texture.image().rows);
  const std::vector<Triangle> triangles = visible(in, scale);
  cv::Mat ids(in.size, CV_16UC1, cv::Scalar(0));
  for (std::size_t i = 0; i < triangles.size(); ++i)
    fill(triangles[i], static_cast<std::uint16_t>(i + 1), ids);
  Drawn out{cv::Mat(in.size, CV_8UC3), ids != 0};
  paint(triangles, ids, picture, in.tint, out.rgb);
  return out;
}

} // namespace deid::faceswap::stage
