#include "models/autoencoder/alignment.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

namespace deid::models::autoencoder {

namespace {

constexpr std::size_t mesh_points = 468;
constexpr std::array<int, 36> oval{10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288,
                                   397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
                                   172, 58,  132, 93,  234, 127, 162, 21,  54,  103, 67,  109};

/// A point on the brow's upper rim, and the point of the lids below it. The mask grows from lid to brow and
/// beyond.
struct BrowPair {
  int brow, lid;
};
constexpr std::array<BrowPair, 10> brow_pairs{{{70, 33},
                                               {63, 160},
                                               {105, 160},
                                               {66, 158},
                                               {107, 133},
                                               {336, 362},
                                               {296, 385},
                                               {334, 387},
                                               {293, 387},
                                               {300, 263}}};

template <class Point> const Point& at(std::span<const Point> points, int i) {
  return points[static_cast<std::size_t>(i)];
}

void require_mesh(std::size_t points) {
  if (points < mesh_points)
    throw std::invalid_argument("a mesh of " + std::to_string(points) + " points, not 468");
}

/// Maps p to (along, across) * p + shift. The two numbers hold rotation and scale.
struct Similarity {
  double along = 1, across = 0;
  cv::Point2d shift{};
  [[nodiscard]] cv::Point2d operator()(const cv::Point2d& p) const {
    return {along * p.x - across * p.y + shift.x, across * p.x + along * p.y + shift.y};
  }
};

/// Umeyama's least-squares solution without reflection, in its closed form for the plane. Requires that the
/// points of `from` are not all in one place.
template <std::size_t N>
Similarity fit(const std::array<cv::Point2d, N>& from, const std::array<cv::Point2d, N>& to) {
  cv::Point2d a, b;
  for (std::size_t i = 0; i < N; ++i) {
    a += from[i] / static_cast<double>(N);
    b += to[i] / static_cast<double>(N);
  }
  double along = 0, across = 0, spread = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const cv::Point2d p = from[i] - a, q = to[i] - b;
    along += p.dot(q);
    across += p.cross(q);
    spread += p.dot(p);
  }
  Similarity s{along / spread, across / spread, {}};
  s.shift = b - s(a);
  return s;
}

std::array<cv::Point2d, 51> chosen(std::span<const cv::Point3f> landmarks) {
  require_mesh(landmarks.size());
  std::array<cv::Point2d, 51> points;
  cv::Point2d low(1e9, 1e9), high(-1e9, -1e9);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const cv::Point3f& p = at(landmarks, ibug_points[i]);
    if (!(std::abs(p.x) < 1e6F && std::abs(p.y) < 1e6F)) // NaN fails, too
      throw std::invalid_argument("a landmark is not finite");
    points[i] = {static_cast<double>(p.x), static_cast<double>(p.y)};
    low = {std::min(low.x, points[i].x), std::min(low.y, points[i].y)};
    high = {std::max(high.x, points[i].x), std::max(high.y, points[i].y)};
  }
  if (std::max(high.x - low.x, high.y - low.y) < 1e-2)
    throw std::invalid_argument("all landmarks are in one place");
  return points;
}

/// Similarity from the picture into the unit square. The fit must run in this direction: the reverse fit has
/// another scale.
Similarity into_square(const std::array<cv::Point2d, 51>& points) {
  const Similarity s = fit(points, mean_face());
  if (!(std::hypot(s.along, s.across) > 1e-7))
    throw std::invalid_argument("the landmarks are no face's");
  return s;
}

} // namespace

const std::array<cv::Point2d, 51>& mean_face() {
  static const std::array<cv::Point2d, 51> points{
      {{.010086, .106454}, {.085135, .038915}, {.191003, .018748}, {.300643, .034489}, {.403270, .077391},
       {.596729, .077391}, {.699356, .034489}, {.808997, .018748}, {.914864, .038915}, {.989913, .106454},
       {.5, .203352},      {.5, .307009},      {.5, .409805},      {.5, .515625},      {.376753, .587326},
       {.435909, .609345}, {.5, .628106},      {.564090, .609345}, {.623246, .587326}, {.131610, .216423},
       {.196995, .178758}, {.275698, .179852}, {.344479, .231733}, {.270791, .245099}, {.192616, .244077},
       {.655520, .231733}, {.724301, .179852}, {.803005, .178758}, {.868389, .216423}, {.807383, .244077},
       {.729208, .245099}, {.264022, .780233}, {.350858, .745405}, {.438731, .727388}, {.5, .742578},
       {.561268, .727388}, {.649141, .745405}, {.735977, .780233}, {.652032, .864805}, {.566594, .902192},
       {.5, .909281},      {.433405, .902192}, {.347967, .864805}, {.300252, .784792}, {.437969, .778746},
       {.5, .785343},      {.562030, .778746}, {.699747, .784792}, {.563237, .824182}, {.5, .831803},
       {.436763, .824182}}};
  return points;
}

double crop_side(const Alignment& alignment) {
  if (!(alignment.coverage > 0 && alignment.coverage <= 1 && alignment.padding >= 0 && alignment.padding < 1))
    throw std::invalid_argument("no alignment: coverage " + std::to_string(alignment.coverage) +
                                ", padding " + std::to_string(alignment.padding));
  return alignment.coverage / (1 - alignment.padding);
}

cv::Matx23f aligned(std::span<const cv::Point3f> landmarks, int size, const Alignment& alignment) {
  if (size < 1)
    throw std::invalid_argument("a crop of " + std::to_string(size) + " px");
  const double side = crop_side(alignment);
  const Similarity square = into_square(chosen(landmarks));
  // the inverse: a pixel of the crop -> its place in the unit square -> the picture
  const double norm = square.along * square.along + square.across * square.across;
  const double step = side / size, c = step * square.along / norm, s = -step * square.across / norm;
  const cv::Point2d corner = cv::Point2d(.5 - side / 2, .5 - side / 2) - square.shift;
  const cv::Point2d first((square.along * corner.x + square.across * corner.y) / norm,
                          (square.along * corner.y - square.across * corner.x) / norm);
  return cv::Matx23f(cv::Matx23d(c, -s, first.x, s, c, first.y));
}

cv::Matx23f aligned(std::span<const cv::Point3f> landmarks, int size, double coverage) {
  return aligned(landmarks, size, Alignment{.coverage = coverage});
}

std::vector<cv::Point2f> in_crop(std::span<const cv::Point3f> landmarks, const cv::Matx23f& m) {
  const cv::Matx22d turn(m(0, 0), m(0, 1), m(1, 0), m(1, 1));
  const double area = turn(0, 0) * turn(1, 1) - turn(0, 1) * turn(1, 0);
  if (!(std::abs(area) > 1e-12))
    throw std::invalid_argument("a crop without area");
  std::vector<cv::Point2f> points;
  points.reserve(landmarks.size());
  for (const cv::Point3f& p : landmarks) {
    const double x = static_cast<double>(p.x) - m(0, 2), y = static_cast<double>(p.y) - m(1, 2);
    points.emplace_back(static_cast<float>((turn(1, 1) * x - turn(0, 1) * y) / area),
                        static_cast<float>((turn(0, 0) * y - turn(1, 0) * x) / area));
  }
  return points;
}

double misfit(std::span<const cv::Point3f> landmarks) {
  const auto points = chosen(landmarks);
  const Similarity square = into_square(points);
  double sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    sum += cv::norm(square(points[i]) - mean_face()[i]);
  return sum / static_cast<double>(points.size());
}

cv::Mat face_mask(std::span<const cv::Point2f> points, int size) {
  require_mesh(points.size());
  std::vector<cv::Point2f> all, outline;
  for (const int i : oval)
    all.push_back(at(points, i));
  for (const auto& [brow, lid] : brow_pairs)
    all.push_back(at(points, brow) + (at(points, brow) - at(points, lid)) / 2);
  cv::convexHull(all, outline);
  std::vector<cv::Point> pixels;
  for (const cv::Point2f& p : outline) // 4 fractional bits, pixel centres at .5
    pixels.emplace_back(cvRound(std::clamp(p.x, -1e4F, 1e4F) * 16 - 8),
                        cvRound(std::clamp(p.y, -1e4F, 1e4F) * 16 - 8));
  cv::Mat mask(size, size, CV_8UC1, cv::Scalar(0));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{pixels}, cv::Scalar(255), cv::LINE_8, 4);
  return mask;
}

} // namespace deid::models::autoencoder
