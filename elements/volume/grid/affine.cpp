#include "elements/volume/grid/affine.hpp"
#include <cmath>
#include <opencv2/core.hpp>

namespace deid::volume {

Point moved(const Affine& map, const Point& p) {
  Point to{};
  for (std::size_t r = 0; r < 3; ++r)
    to[r] = map[r][0] * p[0] + map[r][1] * p[1] + map[r][2] * p[2] + map[r][3];
  return to;
}

Affine inverse(const Affine& m) {
  const double d = determinant(m);
  Affine to{};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) { // the cofactor of (c, r)
      const std::size_t r1 = (c + 1) % 3, r2 = (c + 2) % 3, c1 = (r + 1) % 3, c2 = (r + 2) % 3;
      to[r][c] = (m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]) / d;
    }
  for (auto& row : to)
    row[3] = -(row[0] * m[0][3] + row[1] * m[1][3] + row[2] * m[2][3]);
  return to;
}

Affine compose(const Affine& first, const Affine& second) {
  Affine to{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 4; ++c)
      to[r][c] = first[r][0] * second[0][c] + first[r][1] * second[1][c] + first[r][2] * second[2][c];
    to[r][3] += first[r][3];
  }
  return to;
}

std::array<double, 3> stretches(const Affine& map) {
  cv::Matx33d linear;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c)
      linear(r, c) = map[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
  cv::Vec3d values;
  cv::SVD::compute(linear, values, cv::SVD::NO_UV);
  return {values[0], values[1], values[2]};
}

double distance(const Point& a, const Point& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

} // namespace deid::volume
