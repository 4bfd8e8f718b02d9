// dlib's chip (dlib/image_transforms/interpolation.h, image_pyramid.h), pixel for pixel.
#include "models/descriptor/descriptor.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace deid::models {

namespace {

constexpr int chip_size = FaceDescriptor::chip_size;
constexpr double padding = .25; // share of the face on each side

// Where the points of a mean face lie in its box [0..1].
using Fraction = std::array<double, 2>; ///< x, y
constexpr std::array<Fraction, 5> mean_of_5{{{.8595674595992, .2134981538014},
                                             {.6460604764104, .2289674387677},
                                             {.1205750620789, .2137274526848},
                                             {.3340850613712, .2290642403242},
                                             {.4901123135679, .6277975316475}}};
// Points 27..54 and 60..64 of 68: no jaw, no brows, no lower lip.
constexpr std::array<Fraction, 33> mean_of_68{
    {{.490127, .203352}, {.490127, .307009}, {.490127, .409805}, {.490127, .515625}, {.36688, .587326},
     {.426036, .609345}, {.490127, .628106}, {.554217, .609345}, {.613373, .587326}, {.121737, .216423},
     {.187122, .178758}, {.265825, .179852}, {.334606, .231733}, {.260918, .245099}, {.182743, .244077},
     {.645647, .231733}, {.714428, .179852}, {.793132, .178758}, {.858516, .216423}, {.79751, .244077},
     {.719335, .245099}, {.254149, .780233}, {.340985, .745405}, {.428858, .727388}, {.490127, .742578},
     {.551395, .727388}, {.639268, .745405}, {.726104, .780233}, {.290379, .784792}, {.428096, .778746},
     {.490127, .785343}, {.552157, .778746}, {.689874, .784792}}};

void require_points(std::span<const cv::Point2f> points) {
  if (points.size() != 5 && points.size() != 68)
    throw std::invalid_argument("A face chip needs 5 or 68 points, not " + std::to_string(points.size()) +
                                ".");
  cv::Point2f low = points.front(), high = points.front();
  for (const cv::Point2f& p : points) {
    if (!(std::abs(p.x) <= 1e5F && std::abs(p.y) <= 1e5F)) // NaN fails, too
      throw std::invalid_argument("A face chip needs points that are numbers within 100000 px.");
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  if (std::max(high.x - low.x, high.y - low.y) < 1)
    throw std::invalid_argument("A face chip needs points that are not all in one place.");
}

/// A rotated square in a picture, in px. Pixel centres lie at whole numbers, as in dlib.
struct Square {
  cv::Point2d centre{};
  cv::Vec2d across{}; ///< unit vector along the square's rows
  double extent = 0;  ///< distance between the centres of its first and last pixel

  /// The position of (x, y), given in extents from the centre [-.5, .5].
  [[nodiscard]] cv::Point2d at(double x, double y) const {
    return centre + extent * cv::Point2d(across[0] * x - across[1] * y, across[1] * x + across[0] * y);
  }
};

/// Fits the mean face to the points by a similarity in least squares (Umeyama 1991; closed form in the plane)
/// and returns the chip's square.
Square square_of(std::span<const cv::Point2f> points) {
  const auto means = points.size() == 5 ? std::span<const Fraction>(mean_of_5) : mean_of_68;
  const auto seen = [&](std::size_t i) {
    const std::size_t index = points.size() == 5 ? i : i < 28 ? i + 27 : i + 32;
    return cv::Point2d(std::floor(points[index].x),
                       std::floor(points[index].y)); // whole, as in dlib
  };
  const auto wanted = [&](std::size_t i) {
    return chip_size / (2 * padding + 1) * cv::Point2d(padding + means[i][0], padding + means[i][1]);
  };
  cv::Point2d mean_seen, mean_wanted;
  for (std::size_t i = 0; i < means.size(); ++i) {
    mean_seen += seen(i) / static_cast<double>(means.size());
    mean_wanted += wanted(i) / static_cast<double>(means.size());
  }
  double along = 0, turned = 0, spread = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const cv::Point2d from = wanted(i) - mean_wanted, to = seen(i) - mean_seen;
    along += from.dot(to);
    turned += from.cross(to);
    spread += from.dot(from);
  }
  const double length = std::hypot(along, turned), scale = length / spread;
  if (scale * chip_size < 1)
    throw std::invalid_argument("A face chip needs points that lie like a face's.");
  const cv::Vec2d across(along / length, turned / length);
  const cv::Point2d middle = scale * (cv::Point2d(chip_size, chip_size) / 2 - mean_wanted);
  return {.centre = mean_seen + cv::Point2d(across[0] * middle.x - across[1] * middle.y,
                                            across[1] * middle.x + across[0] * middle.y),
          .across = across,
          .extent = chip_size * scale - 1};
}

/// Halves the size with dlib's 5x5 binomial filter. Empty when a side has 8 px or less.
cv::Mat halved(const cv::Mat& rgb) {
  if (rgb.rows <= 8 || rgb.cols <= 8)
    return {};
  cv::Mat half((rgb.rows - 3) / 2, (rgb.cols - 3) / 2, CV_8UC3);
  // 16 * 16 * 255 fits into 16 bits; compilers vectorise rows of plain numbers
  std::vector<std::uint16_t> sums(3 * static_cast<std::size_t>(rgb.cols));
  for (int y = 0; y < half.rows; ++y) {
    const auto *a = rgb.ptr(2 * y), *b = rgb.ptr(2 * y + 1), *c = rgb.ptr(2 * y + 2), *d = rgb.ptr(2 * y + 3),
               *e = rgb.ptr(2 * y + 4);
    for (std::size_t x = 0; x < sums.size(); ++x)
      sums[x] = static_cast<std::uint16_t>(a[x] + 4 * b[x] + 6 * c[x] + 4 * d[x] + e[x]);
    uchar* out = half.ptr(y);
    for (int x = 0; x < half.cols; ++x) {
      const std::uint16_t* s = &sums[6 * static_cast<std::size_t>(x)];
      for (int i = 0; i < 3; ++i)
        out[3 * x + i] =
            static_cast<uchar>((s[i] + 4 * s[3 + i] + 6 * s[6 + i] + 4 * s[9 + i] + s[12 + i]) / 256);
    }
  }
  return half;
}

/// Converts a position to the halved picture. dlib uses this offset, although the filter's centre is a
/// quarter of a pixel elsewhere.
Square halved(const Square& square) {
  return {.centre = square.centre / 2 - cv::Point2d(1.25, .75),
          .across = square.across,
          .extent = square.extent / 2};
}

/// dlib halves until the next half would have fewer pixels than the chip.
bool is_too_large(const Square& square) {
  const double next = square.extent / 2 + 1;
  return next * next > double{chip_size} * chip_size;
}

/// The part of the picture that is filtered. It decides on which pixels the halves begin.
cv::Rect part_around(const Square& square, cv::Size picture) {
  double margin = 2;
  for (Square level = square; is_too_large(level); level = halved(level))
    margin = margin * 2 + 2;
  const std::array corners{square.at(-.5, -.5), square.at(.5, -.5), square.at(-.5, .5), square.at(.5, .5)};
  const auto [left, right] = std::ranges::minmax(corners, {}, &cv::Point2d::x);
  const auto [top, bottom] = std::ranges::minmax(corners, {}, &cv::Point2d::y);
  const auto whole = [](double value, int most) {
    return static_cast<int>(std::floor(std::clamp(value, -1., most + 1.) + .5));
  };
  const int x = std::max(whole(left.x - margin, picture.width), 0),
            y = std::max(whole(top.y - margin, picture.height), 0);
  const int x_end = std::min(whole(right.x + margin, picture.width), picture.width - 1),
            y_end = std::min(whole(bottom.y + margin, picture.height), picture.height - 1);
  return x <= x_end && y <= y_end ? cv::Rect(x, y, x_end - x + 1, y_end - y + 1) : cv::Rect();
}

cv::Vec3b bilinear(const cv::Mat& rgb, const cv::Point2d& at) {
  if (!(at.x >= 0 && at.y >= 0 && at.x < rgb.cols - 1 && at.y < rgb.rows - 1))
    return {};
  const int left = static_cast<int>(at.x), top = static_cast<int>(at.y);
  const auto* upper = rgb.ptr<cv::Vec3b>(top) + left;
  const auto* lower = rgb.ptr<cv::Vec3b>(top + 1) + left;
  const double x = at.x - left, y = at.y - top;
  cv::Vec3b pixel;
  for (int i = 0; i < 3; ++i) {
    constexpr double rounding = 1e-9; // dlib truncates; a uniform colour must not change
    pixel[i] = static_cast<uchar>((1 - y) * ((1 - x) * upper[0][i] + x * upper[1][i]) +
                                  y * ((1 - x) * lower[0][i] + x * lower[1][i]) + rounding);
  }
  return pixel;
}

} // namespace

cv::Rect chip_area(std::span<const cv::Point2f> points, cv::Size picture) {
  require_points(points);
  const cv::Rect part = part_around(square_of(points), picture);
  const cv::Point even(part.x & ~1, part.y & ~1);
  return part.empty() ? part : cv::Rect(even, part.br());
}

cv::Mat face_chip(const cv::Mat& rgb, std::span<const cv::Point2f> points) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty());
  require_points(points);
  Square square = square_of(points);
  const cv::Rect part = part_around(square, rgb.size());
  cv::Mat level = rgb(part);
  square.centre -= cv::Point2d(part.tl());
  for (; is_too_large(square); square = halved(square))
    level = halved(level);
  cv::Mat chip(chip_size, chip_size, CV_8UC3);
  for (int y = 0; y < chip_size; ++y)
    for (int x = 0; x < chip_size; ++x)
      chip.at<cv::Vec3b>(y, x) =
          bilinear(level, square.at(x / (chip_size - 1.) - .5, y / (chip_size - 1.) - .5));
  return chip;
}

} // namespace deid::models
