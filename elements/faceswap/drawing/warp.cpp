#include "elements/faceswap/drawing/warp.hpp"
#include "elements/faceswap/drawing/fringe.hpp"
#include "elements/faceswap/drawing/measures.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

constexpr int level_count = 5; ///< sizes of a target's picture, each half of the one before
constexpr float inwards =
    0.04F; ///< share of the way to the centre of the face, from which a rim takes its colour
constexpr int ear_right = 234, ear_left = 454, top = 10, chin = 152;

double reach(const std::vector<cv::Point3f>& points) {
  const auto between = [&](int a, int b) {
    const cv::Point3f d = points[static_cast<std::size_t>(a)] - points[static_cast<std::size_t>(b)];
    return std::hypot(static_cast<double>(d.x), static_cast<double>(d.y));
  };
  return std::max({between(ear_right, ear_left), between(top, chin), 1.0});
}

cv::Rect2f box_of(const std::vector<cv::Point3f>& landmarks) {
  cv::Point2f low(landmarks.front().x, landmarks.front().y), high = low;
  for (const cv::Point3f& p : landmarks) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  return {low, high};
}

/// Returns the places that give the points their colours. Outline and forehead take theirs from a little
/// inside, because a picture may show hair, a hat or plain grey at the rim of a face.
std::vector<cv::Point2f> skin_sources(const std::vector<cv::Point3f>& landmarks) {
  std::vector<cv::Point3f> inner = landmarks;
  const cv::Point2f centre = centre_of(landmarks);
  for (const int i : part::oval()) {
    cv::Point3f& p = inner[static_cast<std::size_t>(i)];
    p.x += inwards * (centre.x - p.x);
    p.y += inwards * (centre.y - p.y);
  }
  std::vector<cv::Point2f> sources;
  for (const cv::Point3f& p : inner)
    sources.emplace_back(p.x, p.y);
  for (const cv::Point2f& p : folded_forehead(inner, forehead_reach))
    sources.push_back(p);
  return sources;
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
  if (!(area > 1e-6)) // turned away from the viewer, or flat
    return;
  const auto [left, right] = std::minmax({c[0].at.x, c[1].at.x, c[2].at.x});
  const auto [high, low] = std::minmax({c[0].at.y, c[1].at.y, c[2].at.y});
  const cv::Range columns = pixels(left, right, canvas.shown.cols),
                  rows = pixels(high, low, canvas.shown.rows);
  const cv::Vec2d u = c[1].source - c[0].source, v = c[2].source - c[0].source;
  const cv::Vec3f du = c[1].offset - c[0].offset, dv = c[2].offset - c[0].offset;
  const double step_s = b.y / area, step_t = -a.y / area;
  constexpr double edge = -1e-6; // a pixel on an edge belongs to both sides, so that no crack opens
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
std::vector<std::size_t> back_to_front(const std::vector<cv::Vec3i>& triangles,
                                       const std::vector<cv::Point3f>& points) {
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

Texture::Texture(const Target& target)
    : geometry_((require_valid(target, "The target " + target.name), target.landmarks)) {
  points_ = with_forehead(target.landmarks, forehead_reach);
  box_ = box_of(points_);
  try {
    triangles_ = triangulate(points_);
  } catch (const std::invalid_argument&) {
    throw TargetError("The target " + target.name + " cannot be used: its landmarks make no mesh.");
  }
  sources_ = skin_sources(target.landmarks);
  levels_.push_back(skin_only(target.image, target.landmarks));
  while (levels_.size() < level_count && std::min(levels_.back().cols, levels_.back().rows) >= 32) {
    cv::Mat half;
    cv::pyrDown(levels_.back(), half);
    levels_.push_back(half);
  }
}

cv::Point2f Texture::on_face(cv::Point2f p) const {
  return {(p.x - box_.x) / std::max(box_.width, 1e-3F), (p.y - box_.y) / std::max(box_.height, 1e-3F)};
}

void Texture::draw(const std::vector<cv::Point3f>& points, cv::Size size, const Tint& tint, cv::Mat& rgb,
                   cv::Mat& shown) const {
  const double smaller = std::log2(reach(points_) / reach(points));
  const auto level = static_cast<std::size_t>(
      std::clamp<double>(std::round(smaller), 0, static_cast<double>(levels_.size() - 1)));
  const cv::Mat& picture = levels_[level];
  const double scale_x = static_cast<double>(picture.cols) / image().cols;
  const double scale_y = static_cast<double>(picture.rows) / image().rows;
  const bool tinted = tint.offset.size() == points.size();

  shown = cv::Mat(size, CV_8UC1, cv::Scalar(0));
  Canvas canvas{cv::Mat(size, CV_32FC2, cv::Scalar(-1, -1)), cv::Mat(), shown};
  if (tinted)
    canvas.offset.create(size, CV_32FC3);
  for (const std::size_t i : back_to_front(triangles_, points)) {
    std::array<Corner, 3> corners;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto index = static_cast<std::size_t>(triangles_[i][static_cast<int>(k)]);
      const cv::Point2f& source = sources_[index];
      corners.at(k) = {
          {static_cast<double>(points[index].x), static_cast<double>(points[index].y)},
          {static_cast<double>(source.x) * scale_x - 0.5, static_cast<double>(source.y) * scale_y - 0.5},
          tinted ? tint.offset[index] : cv::Vec3f()};
    }
    fill(corners, canvas);
  }
  cv::remap(picture, rgb, canvas.source, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  if (tinted)
    tint_pixels(canvas, tint.gain, rgb);
}

} // namespace deid::faceswap
