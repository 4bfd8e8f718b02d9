#include "elements/faceswap/drawing/mesh.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace deid::faceswap {

namespace {

constexpr std::array<int, forehead_points> top_edge{162, 21,  54,  103, 67,  109, 10,
                                                    338, 297, 332, 284, 251, 389};
float cross(cv::Point2f a, cv::Point2f b) {
  return a.x * b.y - a.y * b.x;
}

cv::Point2f flat(const cv::Point3f& p) {
  return {p.x, p.y};
}

/// Moves the lips of a closed mouth apart, because they may overlap and the triangulation needs a gap.
void part_lips(std::vector<cv::Point2f>& layout, float height) {
  const float apart = tuning::mesh::lips_apart * height;
  for (const auto& [upper, lower] : lip_pairs) {
    cv::Point2f& u = layout.at(static_cast<std::size_t>(upper));
    cv::Point2f& l = layout.at(static_cast<std::size_t>(lower));
    if (l.y - u.y >= 2 * apart)
      continue;
    const cv::Point2f middle = (u + l) / 2;
    u = {middle.x, middle.y - apart};
    l = {middle.x, middle.y + apart};
  }
}

void require_mesh(const Points& landmarks) {
  if (landmarks.size() != mesh_points)
    throw std::invalid_argument("a mesh of " + std::to_string(landmarks.size()) + " points, not 468");
}

/// Returns the way from the chin to the upper edge.
cv::Point2f upwards(const Points& landmarks) {
  return flat(landmarks[point::top]) - flat(landmarks[point::chin]);
}

/// Returns the height of the forehead above its i-th point, as a share of the greatest height in the middle.
float height_share(int i) {
  return std::sin(std::numbers::pi_v<float> * (static_cast<float>(i) + 1) / (forehead_points + 1));
}

} // namespace

namespace part {

const std::vector<int>& oval() {
  static const std::vector<int> points{10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288,
                                       397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
                                       172, 58,  132, 93,  234, 127, 162, 21,  54,  103, 67,  109};
  return points;
}

const std::vector<int>& sorted_oval() {
  static const std::vector<int> points = [] {
    std::vector<int> all = oval();
    std::sort(all.begin(), all.end());
    return all;
  }();
  return points;
}

const std::vector<int>& inner_lips() {
  static const std::vector<int> points{78,  191, 80,  81,  82,  13, 312, 311, 310, 415,
                                       308, 324, 318, 402, 317, 14, 87,  178, 88,  95};
  return points;
}

const std::vector<int>& right_eye() {
  static const std::vector<int> points{33,  246, 161, 160, 159, 158, 157, 173,
                                       133, 155, 154, 153, 145, 144, 163, 7};
  return points;
}

const std::vector<int>& left_eye() {
  static const std::vector<int> points{263, 466, 388, 387, 386, 385, 384, 398,
                                       362, 382, 381, 380, 374, 373, 390, 249};
  return points;
}

const std::vector<int>& lips() {
  static const std::vector<int> points = [] {
    std::vector<int> all{61,  185, 40,  39,  37,  0,  267, 269, 270, 409,
                         291, 375, 321, 405, 314, 17, 84,  181, 91,  146};
    all.insert(all.end(), inner_lips().begin(), inner_lips().end());
    return all;
  }();
  return points;
}

const std::vector<int>& right_brow() {
  static const std::vector<int> points{70, 63, 105, 66, 107, 46, 53, 52, 65, 55};
  return points;
}

const std::vector<int>& left_brow() {
  static const std::vector<int> points{336, 296, 334, 293, 300, 285, 295, 282, 283, 276};
  return points;
}

const std::vector<int>& not_skin() {
  static const std::vector<int> points = [] {
    std::vector<int> all;
    for (const auto* part : {&oval(), &lips(), &right_brow(), &left_brow(), &right_eye(), &left_eye()})
      all.insert(all.end(), part->begin(), part->end());
    std::sort(all.begin(), all.end());
    return all;
  }();
  return points;
}

} // namespace part

Points on_picture(const Points& landmarks, cv::Point at) {
  Points points = landmarks;
  for (cv::Point3f& p : points) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z))
      throw std::invalid_argument("a landmark is not finite");
    p -= cv::Point3f(static_cast<float>(at.x), static_cast<float>(at.y), 0);
  }
  return points;
}

Points with_forehead(const Points& landmarks, float reach) {
  require_mesh(landmarks);
  Points points = landmarks;
  const cv::Point2f up = upwards(landmarks) * reach;
  for (int i = 0; i < forehead_points; ++i) {
    const cv::Point3f& edge = landmarks[static_cast<std::size_t>(top_edge.at(static_cast<std::size_t>(i)))];
    points.emplace_back(edge.x + height_share(i) * up.x, edge.y + height_share(i) * up.y, edge.z);
  }
  return points;
}

std::vector<cv::Point2f> folded_forehead(const Points& landmarks, float reach) {
  require_mesh(landmarks);
  std::vector<cv::Point2f> points;
  const cv::Point2f down = upwards(landmarks) * (-tuning::mesh::fold * reach);
  for (int i = 0; i < forehead_points; ++i)
    points.push_back(flat(landmarks[static_cast<std::size_t>(top_edge.at(static_cast<std::size_t>(i)))]) +
                     down * height_share(i));
  return points;
}

std::vector<cv::Vec3i> triangulate(const Points& points) {
  if (points.size() != mesh_points + forehead_points)
    throw std::invalid_argument("no mesh with a forehead");
  std::vector<cv::Point2f> layout;
  for (const cv::Point3f& p : points)
    layout.push_back(flat(p));
  part_lips(layout, static_cast<float>(cv::norm(layout[point::top] - layout[point::chin])));
  const cv::Rect all = cv::boundingRect(layout);
  cv::Subdiv2D subdivision(all + cv::Size(4, 4) - cv::Point(2, 2));
  std::map<std::pair<float, float>, int> index;
  for (std::size_t i = 0; i < layout.size(); ++i)
    if (index.emplace(std::pair(layout[i].x, layout[i].y), static_cast<int>(i)).second)
      subdivision.insert(layout[i]);
  std::vector<cv::Vec6f> found;
  subdivision.getTriangleList(found);
  std::vector<cv::Vec3i> triangles;
  for (const cv::Vec6f& t : found) {
    const auto a = index.find({t[0], t[1]}), b = index.find({t[2], t[3]}), c = index.find({t[4], t[5]});
    if (a == index.end() || b == index.end() || c == index.end())
      continue; // a corner of the frame that the subdivision adds around all points
    const float turn = cross({t[2] - t[0], t[3] - t[1]}, {t[4] - t[0], t[5] - t[1]});
    triangles.emplace_back(a->second, turn > 0 ? b->second : c->second, turn > 0 ? c->second : b->second);
  }
  if (triangles.size() < tuning::mesh::least_triangles)
    throw std::invalid_argument("the landmarks make no mesh");
  return triangles;
}

std::vector<cv::Point2f> pick(const Points& points, const std::vector<int>& which) {
  std::vector<cv::Point2f> out;
  for (const int i : which)
    out.push_back(flat(points.at(static_cast<std::size_t>(i))));
  return out;
}

} // namespace deid::faceswap
