#include "elements/faceswap/color.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace deid::faceswap {

namespace {

constexpr double most_gain = 2.5, least_gain = 0.4;
constexpr double floor_variance = 4; ///< two levels of noise: a picture of one colour has a covariance, too
constexpr double most_slope = 150;
constexpr double least_spread =
    1e-3; ///< of places, squared sizes of the face: fewer say nothing about slopes

/// f of the eigenvalues of a symmetric matrix.
template <class Function> cv::Matx33d with_values(const cv::Matx33d& m, Function&& f) {
  cv::Vec3d values;
  cv::Matx33d vectors; // rows
  cv::eigen(m, values, vectors);
  for (int i = 0; i < 3; ++i)
    values[i] = f(values[i]);
  return vectors.t() * cv::Matx33d::diag(values) * vectors;
}

double root(double value) {
  return std::sqrt(std::max(value, 0.0));
}

} // namespace

Palette palette_of(const std::vector<cv::Vec3b>& colors, const std::vector<cv::Point2f>& places) {
  if (colors.empty() || colors.size() != places.size())
    throw std::invalid_argument("colours and places differ in number");
  const double n = static_cast<double>(colors.size());
  Palette palette;
  cv::Vec2d middle;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    palette.mean += cv::Vec3d(colors[i][0], colors[i][1], colors[i][2]) / n;
    middle += cv::Vec2d(places[i].x, places[i].y) / n;
  }
  cv::Matx33d products = cv::Matx33d::zeros();
  cv::Matx32d mixed = cv::Matx32d::zeros();
  cv::Matx22d spread = cv::Matx22d::eye() * least_spread;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    const cv::Vec3d c = cv::Vec3d(colors[i][0], colors[i][1], colors[i][2]) - palette.mean;
    const cv::Vec2d p = cv::Vec2d(places[i].x, places[i].y) - middle;
    products += c * c.t() * (1 / n);
    mixed += c * p.t() * (1 / n);
    spread += p * p.t() * (1 / n);
  }
  palette.slope = mixed * spread.inv();
  for (double& value : palette.slope.val)
    value = std::clamp(value, -most_slope, most_slope);
  palette.covariance = products - palette.slope * mixed.t() - mixed * palette.slope.t() +
                       palette.slope * spread * palette.slope.t();
  palette.mean -= palette.slope * middle; // at the face's centre
  return palette;
}

Palette blend(const Palette& old, const Palette& now, double share) {
  return {old.mean * (1 - share) + now.mean * share, old.slope * (1 - share) + now.slope * share,
          old.covariance * (1 - share) + now.covariance * share};
}

Transfer transfer(const Palette& from, const Palette& to) {
  const cv::Matx33d noise = cv::Matx33d::eye() * floor_variance;
  const cv::Matx33d spread = with_values(from.covariance + noise, root);
  const cv::Matx33d back =
      with_values(from.covariance + noise, [](double v) { return 1 / root(std::max(v, 1e-9)); });
  const cv::Matx33d middle = with_values(spread * (to.covariance + noise) * spread, root);
  Transfer out;
  out.gain = with_values(back * middle * back, [](double v) { return std::clamp(v, least_gain, most_gain); });
  out.shift = to.mean - out.gain * from.mean;
  out.slope = to.slope - out.gain * from.slope;
  return out;
}

void apply(const Transfer& transfer, cv::Point2f centre, double size, const cv::Mat& where, cv::Mat& rgb) {
  const cv::Matx33f gain(transfer.gain);
  for (int y = 0; y < rgb.rows; ++y) {
    const double v = (y + 0.5 - static_cast<double>(centre.y)) / size;
    const double u = (0.5 - static_cast<double>(centre.x)) / size;
    const cv::Vec3f start(transfer.shift + transfer.slope * cv::Vec2d(u, v));
    const cv::Vec3f step(transfer.slope * cv::Vec2d(1 / size, 0));
    const std::uint8_t* use = where.ptr(y);
    auto* row = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgb.cols; ++x)
      if (use[x] != 0) {
        const cv::Vec3f c(row[x][0], row[x][1], row[x][2]);
        const cv::Vec3f now = gain * c + start + step * static_cast<float>(x);
        row[x] = {cv::saturate_cast<std::uint8_t>(now[0]), cv::saturate_cast<std::uint8_t>(now[1]),
                  cv::saturate_cast<std::uint8_t>(now[2])};
      }
  }
}

} // namespace deid::faceswap
