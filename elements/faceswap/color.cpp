#include "elements/faceswap/color.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

constexpr double most_gain = 2.5, least_gain = 0.4;
constexpr double floor_variance = 4; ///< two levels of noise: a picture of one colour has a covariance, too

/// f of the eigenvalues of a symmetric matrix.
template <class Function> cv::Matx33d apply(const cv::Matx33d& m, Function&& f) {
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

Palette palette_of(const std::vector<cv::Vec3b>& colors) {
  Palette palette;
  cv::Matx33d products = cv::Matx33d::zeros();
  for (const cv::Vec3b& c : colors) {
    const cv::Vec3d v(c[0], c[1], c[2]);
    palette.mean += v;
    products += v * v.t();
  }
  const double n = std::max<double>(1, static_cast<double>(colors.size()));
  palette.mean /= n;
  palette.covariance = products * (1 / n) - palette.mean * palette.mean.t();
  return palette;
}

Palette blend(const Palette& old, const Palette& now, double share) {
  return {old.mean * (1 - share) + now.mean * share, old.covariance * (1 - share) + now.covariance * share};
}

cv::Matx34d transfer(const Palette& from, const Palette& to) {
  const cv::Matx33d noise = cv::Matx33d::eye() * floor_variance;
  const cv::Matx33d spread = apply(from.covariance + noise, root);
  const cv::Matx33d back =
      apply(from.covariance + noise, [](double v) { return 1 / root(std::max(v, 1e-9)); });
  const cv::Matx33d middle = apply(spread * (to.covariance + noise) * spread, root);
  const cv::Matx33d gain =
      apply(back * middle * back, [](double v) { return std::clamp(v, least_gain, most_gain); });
  const cv::Vec3d shift = to.mean - gain * from.mean;
  cv::Matx34d m;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c)
      m(r, c) = gain(r, c);
    m(r, 3) = shift[r];
  }
  return m;
}

} // namespace deid::faceswap
