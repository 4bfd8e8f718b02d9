#include "elements/faceswap/zones.hpp"
#include "elements/faceswap/mesh.hpp"
#include <array>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

using Points = std::vector<cv::Point3f>;

/// A point of the brow's upper rim and the point of the mesh's upper edge above it.
struct BrowPair {
  int brow, edge;
};
constexpr std::array<BrowPair, 10> brows{{{300, 251},
                                          {293, 284},
                                          {334, 332},
                                          {296, 297},
                                          {336, 338},
                                          {107, 109},
                                          {66, 67},
                                          {105, 103},
                                          {63, 54},
                                          {70, 21}}};
constexpr std::array<int, 5> right_side{132, 93, 234, 127, 162}, left_side{389, 356, 454, 323, 361};
constexpr float above_brows = 0.35F; ///< of the way from brow to upper edge
constexpr float inwards = 0.12F;     ///< of the way from the rim to the middle

cv::Point2f at(const Points& points, int i) {
  const cv::Point3f& p = points[static_cast<std::size_t>(i)];
  return {p.x, p.y};
}

cv::Point2f above(const Points& points, const BrowPair& pair) {
  return at(points, pair.brow) * (1 - above_brows) + at(points, pair.edge) * above_brows;
}

cv::Mat filled(const std::vector<cv::Point2f>& outline, cv::Size size) {
  std::vector<cv::Point> pixels;
  for (const cv::Point2f& p : outline) // 4 fractional bits, centres at .5
    pixels.emplace_back(cvRound(p.x * 16 - 8), cvRound(p.y * 16 - 8));
  cv::Mat mask(size, CV_8UC1, cv::Scalar(0));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{pixels}, cv::Scalar(255), cv::LINE_8, 4);
  return mask;
}

} // namespace

cv::Mat face_area(const Points& points, cv::Size size) {
  return filled(pick(points, part::oval()), size);
}

cv::Mat inner_area(const Points& points, cv::Size size) {
  std::vector<cv::Point2f> all, hull;
  for (const BrowPair& pair : brows)
    all.push_back(above(points, pair));
  for (const auto* part : {&part::right_eye(), &part::left_eye(), &part::lips(), &part::right_brow(), &part::left_brow()})
    for (const cv::Point2f& p : pick(points, *part))
      all.push_back(p);
  for (const int nose : {1, 4, 48, 278})
    all.push_back(at(points, nose));
  cv::convexHull(all, hull);
  return filled(hull, size);
}

cv::Mat hair_area(const Points& points, cv::Size size) {
  std::vector<cv::Point2f> outline = pick(points, {right_side.begin(), right_side.end()});
  for (int i = 0; i < forehead_points; ++i)
    outline.push_back(at(points, mesh_points + i));
  for (const int i : left_side)
    outline.push_back(at(points, i));
  const cv::Point2f middle = at(points, 6);
  const auto inner = [&](int i) { return at(points, i) + inwards * (middle - at(points, i)); };
  for (auto i = left_side.rbegin(); i + 1 != left_side.rend(); ++i)
    outline.push_back(inner(*i));
  for (const BrowPair& pair : brows)
    outline.push_back(above(points, pair));
  for (auto i = right_side.rbegin() + 1; i != right_side.rend(); ++i)
    outline.push_back(inner(*i));
  cv::Mat mask = filled(outline, size);
  mask.setTo(0, inner_area(points, size));
  return mask;
}

} // namespace deid::faceswap
