#include "elements/faceswap/warp.hpp"
#include "elements/faceswap/mesh.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

constexpr int level_count = 5;
constexpr int ear_right = 234, ear_left = 454, top = 10, chin = 152;

double reach(const std::vector<cv::Point3f>& points) {
  const auto between = [&](int a, int b) {
    const cv::Point3f d = points[static_cast<std::size_t>(a)] - points[static_cast<std::size_t>(b)];
    return std::hypot(static_cast<double>(d.x), static_cast<double>(d.y));
  };
  return std::max({between(ear_right, ear_left), between(top, chin), 1.0});
}

cv::Point2d flat(const cv::Point3f& p) {
  return {static_cast<double>(p.x), static_cast<double>(p.y)};
}

/// Writes into `map` where in the target every pixel of one triangle comes from.
void fill(const std::array<cv::Point2d, 3>& to, const std::array<cv::Point2d, 3>& from, cv::Mat& map,
          cv::Mat& shown) {
  const cv::Point2d a = to[1] - to[0], b = to[2] - to[0];
  const double area = a.cross(b);
  if (!(area > 1e-6)) // turned away, or without a face
    return;
  const auto [left, right] = std::minmax({to[0].x, to[1].x, to[2].x});
  const auto [high, low] = std::minmax({to[0].y, to[1].y, to[2].y});
  const int x0 = static_cast<int>(std::clamp<double>(std::floor(left - 0.5), 0, map.cols));
  const int x1 = static_cast<int>(std::clamp<double>(std::ceil(right + 0.5), 0, map.cols));
  const int y0 = static_cast<int>(std::clamp<double>(std::floor(high - 0.5), 0, map.rows));
  const int y1 = static_cast<int>(std::clamp<double>(std::ceil(low + 0.5), 0, map.rows));
  const cv::Point2d u = from[1] - from[0], v = from[2] - from[0];
  constexpr double edge = -1e-6; // a pixel on an edge belongs to both sides, so that no crack opens
  for (int y = y0; y < y1; ++y) {
    auto* out = map.ptr<cv::Vec2f>(y);
    std::uint8_t* seen = shown.ptr(y);
    for (int x = x0; x < x1; ++x) {
      const cv::Point2d p = cv::Point2d(x + 0.5, y + 0.5) - to[0];
      const double s = p.cross(b) / area, t = a.cross(p) / area;
      if (s < edge || t < edge || s + t > 1 - edge)
        continue;
      const cv::Point2d at = from[0] + u * s + v * t;
      out[x] = {static_cast<float>(at.x - 0.5), static_cast<float>(at.y - 0.5)};
      seen[x] = 255;
    }
  }
}

} // namespace

Texture::Texture(const Target& target) {
  require_valid(target, "The target " + target.name);
  points_ = with_forehead(target.landmarks, forehead_reach);
  try {
    triangles_ = triangulate(points_);
  } catch (const std::invalid_argument&) {
    throw TargetError("The target " + target.name + " cannot be used: its landmarks make no mesh.");
  }
  levels_.push_back(target.image.clone());
  while (levels_.size() < level_count && std::min(levels_.back().cols, levels_.back().rows) >= 32) {
    cv::Mat half;
    cv::pyrDown(levels_.back(), half);
    levels_.push_back(half);
  }
}

void Texture::draw(const std::vector<cv::Point3f>& points, cv::Size size, cv::Mat& rgb,
                   cv::Mat& shown) const {
  const double smaller = std::log2(reach(points_) / reach(points));
  const auto level = static_cast<std::size_t>(
      std::clamp<double>(std::round(smaller), 0, static_cast<double>(levels_.size() - 1)));
  const cv::Mat& picture = levels_[level];
  const double scale_x = static_cast<double>(picture.cols) / image().cols;
  const double scale_y = static_cast<double>(picture.rows) / image().rows;

  cv::Mat map(size, CV_32FC2, cv::Scalar(-1, -1));
  shown = cv::Mat(size, CV_8UC1, cv::Scalar(0));
  std::vector<std::pair<float, std::size_t>> order; // the farthest first
  for (std::size_t i = 0; i < triangles_.size(); ++i) {
    float depth = 0;
    for (int k = 0; k < 3; ++k)
      depth += points[static_cast<std::size_t>(triangles_[i][k])].z;
    order.emplace_back(-depth, i);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [depth, i] : order) {
    std::array<cv::Point2d, 3> to, from;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto index = static_cast<std::size_t>(triangles_[i][static_cast<int>(k)]);
      to.at(k) = flat(points[index]);
      from.at(k) = flat(points_[index]);
      from.at(k) = {from.at(k).x * scale_x, from.at(k).y * scale_y};
    }
    fill(to, from, map, shown);
  }
  cv::remap(picture, rgb, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
}

} // namespace deid::faceswap
