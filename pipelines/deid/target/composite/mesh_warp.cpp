#include "pipelines/deid/target/composite/mesh_warp.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <unordered_map>

namespace deid::composites {

namespace {

using Triangle = std::array<std::size_t, 3>;

/// Returns the Delaunay triangles as indices. Points in one place count once.
std::vector<Triangle> triangles_of(std::span<const cv::Point2f> points) {
  const cv::Rect around = cv::boundingRect(std::vector<cv::Point2f>(points.begin(), points.end()));
  cv::Subdiv2D subdivision({around.x - 2, around.y - 2, around.width + 4, around.height + 4});
  std::unordered_map<int, std::size_t> index;
  for (std::size_t i = 0; i < points.size(); ++i)
    index.try_emplace(subdivision.insert(points[i]), i);
  std::vector<int> edges;
  subdivision.getLeadingEdgeList(edges);
  std::vector<Triangle> triangles;
  for (const int first : edges) {
    Triangle triangle{};
    bool whole = true; // the subdivision adds three points of its own around all others
    int edge = first;
    for (std::size_t& corner : triangle) {
      const auto found = index.find(subdivision.edgeOrg(edge));
      whole = whole && found != index.end();
      corner = found != index.end() ? found->second : 0;
      edge = subdivision.getEdge(edge, cv::Subdiv2D::NEXT_AROUND_LEFT);
    }
    if (whole && edge == first)
      triangles.push_back(triangle);
  }
  return triangles;
}

void fill(cv::Mat& map, const std::array<cv::Point2f, 3>& to, const std::array<cv::Point2f, 3>& from) {
  const cv::Point2f u = to[1] - to[0], v = to[2] - to[0];
  const float area = u.x * v.y - u.y * v.x;
  if (std::abs(area) < 1e-6F)
    return;
  const auto [left, right] = std::minmax({to[0].x, to[1].x, to[2].x});
  const auto [top, bottom] = std::minmax({to[0].y, to[1].y, to[2].y});
  const int x0 = std::max(0, static_cast<int>(left - .5F)),
            x1 = std::min(map.cols - 1, static_cast<int>(right + .5F));
  const int y0 = std::max(0, static_cast<int>(top - .5F)),
            y1 = std::min(map.rows - 1, static_cast<int>(bottom + .5F));
  constexpr float edge = -1e-4F; // a pixel on an edge belongs to both triangles
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const cv::Point2f p = cv::Point2f(static_cast<float>(x) + .5F, static_cast<float>(y) + .5F) - to[0];
      const float a = (p.x * v.y - p.y * v.x) / area, b = (u.x * p.y - u.y * p.x) / area;
      if (a >= edge && b >= edge && a + b <= 1 - edge)
        map.at<cv::Point2f>(y, x) =
            from[0] + a * (from[1] - from[0]) + b * (from[2] - from[0]) - cv::Point2f(.5F, .5F);
    }
}

} // namespace

cv::Mat warp_map(std::span<const cv::Point2f> to, std::span<const cv::Point2f> from, cv::Size size) {
  CV_Assert(to.size() == from.size());
  cv::Mat map(size, CV_32FC2, cv::Scalar(-1, -1));
  for (const auto& [a, b, c] : triangles_of(to))
    fill(map, {to[a], to[b], to[c]}, {from[a], from[b], from[c]});
  return map;
}

} // namespace deid::composites
