#include "elements/mriremodel/placement.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace deid::mriremodel {

using volume::Point;

namespace {

constexpr int rounds = 8;
constexpr std::size_t parameters = 6, least_anchors = 60;
constexpr double loose_scale = 0.08, loose_shift = 8.0; ///< spread that is expected; [mm]
constexpr double robust = 4.0;                          ///< [mm] misfits above it count less

/// In the template's world: forehead, temples, and the front half of the top.
bool is_anchor(const Point& at) {
  constexpr double back = -25, brow = 8, temple = -15, side = 52;
  return at[1] > back && (at[2] > brow || (at[2] > temple && std::abs(at[0]) > side));
}
bool is_face(const Point& at) {
  constexpr double front = 30, top = 0, bottom = -125;
  return at[1] > front && at[2] < top && at[2] > bottom;
}
bool is_ear(const Point& at) {
  constexpr double side = 72, back = -55, front = 5, top = 0, bottom = -75;
  return std::abs(at[0]) > side && at[1] > back && at[1] < front && at[2] < top && at[2] > bottom;
}

Point slope_of(const volume::Field& skin, const Point& at) {
  constexpr double step = 1.5; // [mm]
  Point slope{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    Point low = at, high = at;
    low[axis] -= step;
    high[axis] += step;
    slope[axis] = (held(skin, high) - held(skin, low)) / (2 * step);
  }
  return slope;
}

/// x' = centre + scale (x - centre) + shift.
struct Fit {
  Point centre{}, scale{1, 1, 1}, shift{};
  [[nodiscard]] Point moved(const Point& at) const {
    Point to{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      to[axis] = centre[axis] + scale[axis] * (at[axis] - centre[axis]) + shift[axis];
    return to;
  }
};

/// One step of Gauss and Newton. Returns the mean misfit before it [mm].
double improve(Fit& fit, const std::vector<Point>& anchors, const volume::Field& skin) {
  cv::Matx<double, parameters, parameters> normal;
  cv::Vec<double, parameters> right;
  double sum = 0;
  for (const Point& anchor : anchors) {
    const Point at = fit.moved(anchor);
    const double off = held(skin, at), weight = 1 / (1 + std::abs(off) / robust);
    const Point slope = slope_of(skin, at);
    cv::Vec<double, parameters> row;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      row[static_cast<int>(axis)] = slope[axis] * (anchor[axis] - fit.centre[axis]);
      row[static_cast<int>(axis + 3)] = slope[axis];
    }
    normal += weight * (row * row.t());
    right -= weight * off * row;
    sum += std::abs(off);
  }
  const double count = static_cast<double>(anchors.size());
  for (int i = 0; i < 3; ++i) { // what is expected counts as much as a twentieth of the anchors
    const double scale = count / 20 / (loose_scale * loose_scale),
                 shift = count / 20 / (loose_shift * loose_shift);
    const auto axis = static_cast<std::size_t>(i);
    normal(i, i) += scale;
    right[i] -= scale * (fit.scale[axis] - 1);
    normal(i + 3, i + 3) += shift;
    right[i + 3] -= shift * fit.shift[axis];
  }
  const auto step = normal.solve(right, cv::DECOMP_CHOLESKY);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    fit.scale[axis] = std::clamp(fit.scale[axis] + step[static_cast<int>(axis)], 0.8, 1.25);
    fit.shift[axis] = std::clamp(fit.shift[axis] + step[static_cast<int>(axis + 3)], -25.0, 25.0);
  }
  return sum / count;
}

double mean_misfit(const Fit& fit, const std::vector<Point>& anchors, const volume::Field& skin) {
  double sum = 0;
  for (const Point& anchor : anchors)
    sum += std::abs(held(skin, fit.moved(anchor)));
  return anchors.empty() ? 0 : sum / static_cast<double>(anchors.size());
}

} // namespace

Placed place(const Mesh& mesh, const Subject& subject) {
  Placed placed{mesh, {1, 1, 1}, 0};
  std::vector<Point> anchors;
  for (Point& at : placed.mesh.vertices) {
    const Point in_template = volume::moved(population_to_template, at);
    at = volume::moved(subject.found.map, in_template);
    if (is_anchor(in_template) && subject.scan.holds(at))
      anchors.push_back(at);
  }
  if (anchors.size() < least_anchors)
    throw RemodelError("The scan does not show enough of the forehead to join a new face to it.");
  Fit fit;
  fit.centre = volume::moved(subject.found.map, {0, 0, -20});
  for (int round = 0; round < rounds; ++round)
    (void)improve(fit, anchors, subject.skin);
  placed.scales = fit.scale;
  placed.misfit = mean_misfit(fit, anchors, subject.skin);
  for (Point& at : placed.mesh.vertices)
    at = fit.moved(at);
  return placed;
}

Comparison compare(const Mesh& placed, const Subject& subject) {
  Comparison found;
  double face = 0, inside = 0, ears = 0, seen = 0;
  constexpr double close = 1.0; // [mm]
  const GateTuning gates;
  for (const Point& at : placed.vertices) {
    const Point in_template = subject.to_template(at);
    const bool ear = is_ear(in_template), front = is_face(in_template);
    if (!ear && !front)
      continue;
    face += front ? 1 : 0;
    const bool held_by = subject.scan.holds(at);
    const double off = std::abs(held(subject.skin, at));
    if (ear && held_by) {
      found.ears += off;
      ears += 1;
    }
    if (!front)
      continue;
    Point below = at;
    below[1] = std::min(at[1], subject.skin.origin[1]);
    if (!held_by) {
      const Point back = volume::moved(subject.found.map, {in_template[0], in_template[1] - 25, in_template[2]});
      found.cut += subject.scan.holds(back) ? 1 : 0;
      continue;
    }
    inside += 1;
    found.apart += off;
    found.near += off < close ? 1 : 0;
    found.missing += held(subject.skin, at) > gates.missing_depth ? 1 : 0;
    seen += 1;
  }
  found.in_volume = face > 0 ? inside / face : 0;
  found.cut = face > 0 ? found.cut / face : 0;
  found.apart = seen > 0 ? found.apart / seen : 0;
  found.near = seen > 0 ? found.near / seen : 1;
  found.missing = seen > 0 ? found.missing / seen : 1;
  found.ears = ears > 0 ? found.ears / ears : 0;
  return found;
}

} // namespace deid::mriremodel
