#include "elements/faceswap/drawing/zones.hpp"
#include "elements/faceswap/drawing/mesh.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

namespace deid::faceswap {

namespace {

/// A point of the upper rim of a brow, and the point of the upper edge of the mesh above it.
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
/// From the jaw up to the temple, and down again on the other side.
constexpr std::array<int, 11> right_side{149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21};
constexpr std::array<int, 11> left_side{251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378};
cv::Point2f place_of(const Points& points, int i) {
  const cv::Point3f& p = points[static_cast<std::size_t>(i)];
  return {p.x, p.y};
}

cv::Point2f above(const Points& points, std::size_t pair) {
  const auto [brow, edge] = brows.at(pair);
  const auto from_end = static_cast<float>(std::min(pair, brows.size() - 1 - pair)); // 0 at the temple .. 4
  const float share = tuning::zones::above_brows * std::min(1.F, from_end / tuning::zones::full_from);
  return place_of(points, brow) * (1 - share) + place_of(points, edge) * share;
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
  for (std::size_t i = 0; i < brows.size(); ++i)
    all.push_back(above(points, i));
  for (const auto* part :
       {&part::right_eye(), &part::left_eye(), &part::lips(), &part::right_brow(), &part::left_brow()})
    for (const cv::Point2f& p : pick(points, *part))
      all.push_back(p);
  for (const int nose : {1, 4, 48, 278})
    all.push_back(place_of(points, nose));
  cv::convexHull(all, hull);
  return filled(hull, size);
}

cv::Mat hair_area(const Points& points, cv::Size size) {
  std::vector<cv::Point2f> outline = pick(points, {right_side.begin(), right_side.end() - 1});
  for (int i = 0; i < forehead_points; ++i)
    outline.push_back(place_of(points, mesh_points + i));
  for (std::size_t i = 1; i < left_side.size(); ++i)
    outline.push_back(place_of(points, left_side.at(i)));
  const cv::Point2f middle = place_of(points, point::nose_bridge);
  const auto inner = [&](int i, std::size_t from_jaw) {
    const float share =
        from_jaw < tuning::zones::jaw_points
            ? tuning::zones::inwards_jaw
            : std::min(tuning::zones::inwards,
                       tuning::zones::inwards_jaw +
                           tuning::zones::inwards_step *
                               static_cast<float>(from_jaw - (tuning::zones::jaw_points - 1)));
    return place_of(points, i) + share * (middle - place_of(points, i));
  };
  for (std::size_t i = 0; i + 1 < left_side.size(); ++i)
    outline.push_back(inner(left_side.at(left_side.size() - 1 - i), i));
  for (std::size_t i = 0; i < brows.size(); ++i)
    outline.push_back(above(points, i));
  for (std::size_t i = right_side.size() - 1; i-- > 0;)
    outline.push_back(inner(right_side.at(i), i));
  cv::Mat mask = filled(outline, size);
  mask.setTo(0, inner_area(points, size));
  return mask;
}

} // namespace deid::faceswap
