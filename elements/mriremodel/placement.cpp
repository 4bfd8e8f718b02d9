#include "elements/mriremodel/placement.hpp"
#include "elements/mriremodel/blocks.hpp"
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

namespace {

Point middle(const Point& a, const Point& b) {
  return {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2};
}

/// Places on forehead, temples and top that lie in the volume. The mesh has few vertices there, so the
/// middles of edges count, too. Both meshes have the same vertices.
std::vector<Point> anchors_of(const Mesh& placed, const Mesh& in_template, const Subject& subject) {
  std::vector<Point> anchors;
  const auto add = [&](const Point& at, const Point& known) {
    if (is_anchor(known) && subject.scan.holds(at))
      anchors.push_back(at);
  };
  for (std::size_t i = 0; i < placed.vertices.size(); ++i)
    add(placed.vertices[i], in_template.vertices[i]);
  for (const Triangle& t : placed.triangles)
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t from = t.at(i), to = t.at((i + 1) % 3);
      add(middle(placed.vertices[from], placed.vertices[to]),
          middle(in_template.vertices[from], in_template.vertices[to]));
    }
  return anchors;
}

} // namespace

Placed place(const Mesh& mesh, const Subject& subject) {
  Mesh in_template = mesh;
  for (Point& at : in_template.vertices)
    at = volume::moved(population_to_template, at);
  Placed placed{in_template, {1, 1, 1}, 0};
  for (Point& at : placed.mesh.vertices)
    at = volume::moved(subject.found.map, at);
  const std::vector<Point> anchors = anchors_of(placed.mesh, in_template, subject);
  if (anchors.size() < least_anchors)
    throw RemodelError("The scan does not show enough of the forehead to join a new face to it.");
  Fit fit;
  fit.centre = volume::moved(subject.found.map, {0, 0, -20});
  for (int round = 0; round < rounds; ++round)
    (void)improve(fit, anchors, subject.fields.skin);
  placed.scales = fit.scale;
  placed.misfit = mean_misfit(fit, anchors, subject.fields.skin);
  for (Point& at : placed.mesh.vertices)
    at = fit.moved(at);
  return placed;
}

namespace {

/// Sums over the vertices of face and ears.
struct Sums {
  double face = 0, inside = 0, near = 0, missing = 0, ear = 0, ears = 0, ears_near = 0, cut = 0, ears_cut = 0;
  std::vector<double> off{}; ///< [mm] of the face's vertices in the volume
};

/// Whether the volume ends before or beside the head here, and not above or below it.
bool leaves(const Point& at, const Subject& subject) {
  const Point in_template = subject.to_template(at);
  constexpr double back = 30, middle = 0.6;
  return subject.scan.holds(
      volume::moved(subject.found.map, {in_template[0] * middle, in_template[1] - back, in_template[2]}));
}

void add(Sums& sums, const Point& at, const Subject& subject) {
  constexpr double close = 1.0; // [mm]
  const Point in_template = subject.to_template(at);
  const bool ear = is_ear(in_template), face = is_face(in_template);
  if (!ear && !face)
    return;
  sums.face += face ? 1 : 0;
  if (!subject.scan.holds(at)) {
    (face ? sums.cut : sums.ears_cut) += leaves(at, subject) ? 1 : 0;
    return;
  }
  const double off = held(subject.fields.skin, at);
  if (ear) {
    sums.ears += std::abs(off);
    sums.ears_near += std::abs(off) < close ? 1 : 0;
    sums.ear += 1;
  }
  if (!face)
    return;
  sums.inside += 1;
  sums.off.push_back(std::abs(off));
  sums.near += std::abs(off) < close ? 1 : 0;
  sums.missing += off > GateTuning{}.missing_depth ? 1 : 0;
}

} // namespace

Comparison compare(const Mesh& placed, const std::vector<bool>& outside, const Subject& subject) {
  Sums sums;
  for (std::size_t i = 0; i < placed.vertices.size(); ++i)
    if (outside[i])
      add(sums, placed.vertices[i], subject);
  Comparison found;
  if (sums.off.empty())
    return found;
  double all = 0;
  for (const double off : sums.off)
    all += off;
  const double count = static_cast<double>(sums.off.size());
  found.in_volume = sums.inside / sums.face;
  found.cut = sums.cut / sums.face;
  found.ears_cut = sums.ears_cut / std::max(1.0, sums.ear + sums.ears_cut);
  found.apart = all / count;
  found.near = sums.near / count;
  found.missing = sums.missing / count;
  found.ears = sums.ear > 0 ? sums.ears / sums.ear : 0;
  found.ears_near = sums.ear > 0 ? sums.ears_near / sums.ear : 0;
  const auto far = sums.off.begin() + static_cast<std::ptrdiff_t>(count * 0.95);
  std::ranges::nth_element(sums.off, far);
  found.far = *far;
  return found;
}

void move_ears(Mesh& placed, const Subject& subject, std::uint64_t seed) {
  constexpr double most = 8;                                                               // [mm]
  constexpr Ramp side{62, 74}, back{-66, -52}, front{14, 0}, top{14, 0}, bottom{-88, -74}; // template [mm]
  const double along = most * (2 * chance(seed, 101) - 1), up = most * (2 * chance(seed, 102) - 1);
  for (Point& at : placed.vertices) {
    const Point known = subject.to_template(at);
    const double share = side.at(std::abs(known[0])) * back.at(known[1]) * front.at(known[1]) *
                         top.at(known[2]) * bottom.at(known[2]);
    if (share > 0)
      at = volume::moved(subject.found.map, {known[0], known[1] + share * along, known[2] + share * up});
  }
}

namespace {

/// Whether a cell lies on the old skin where all becomes new.
bool on_replaced_skin(const Subject& subject, std::size_t cell) {
  constexpr double surface = 0.6, all_new = 0.9; // [mm]; weight
  return std::abs(static_cast<double>(subject.fields.skin.values[cell])) <= surface &&
         static_cast<double>(subject.fields.weight.values[cell]) >= all_new;
}

/// Some places on the old skin where all becomes new: they are many.
std::vector<Point> places_on_replaced_skin(const Subject& subject) {
  constexpr int every = 5;
  const volume::Field& skin = subject.fields.skin;
  std::vector<Point> places;
  int seen = 0;
  for (int z = 0; z < skin.size[2]; ++z)
    for (int y = 0; y < skin.size[1]; ++y)
      for (int x = 0; x < skin.size[0]; ++x)
        if (on_replaced_skin(subject, skin.index(x, y, z)) && ++seen % every == 0)
          places.push_back(skin.world(x, y, z));
  return places;
}

} // namespace

OldSkin::OldSkin(const Subject& subject) {
  for (const Point& at : places_on_replaced_skin(subject)) {
    const Point known = subject.to_template(at);
    if (!subject.scan.holds(at))
      continue;
    if (is_ear(known))
      ears_.push_back(at);
    else if (known[1] > 0)
      face_.push_back(at);
  }
}

namespace {

/// Distances of places to a skin [mm].
std::vector<double> distances(const std::vector<Point>& places, const volume::Field& skin) {
  std::vector<double> off;
  off.reserve(places.size());
  for (const Point& at : places)
    off.push_back(std::abs(static_cast<double>(held(skin, at))));
  return off;
}

double mean_of(const std::vector<double>& all) {
  double sum = 0;
  for (const double one : all)
    sum += one;
  return sum / static_cast<double>(std::max<std::size_t>(1, all.size()));
}

double near_share(const std::vector<double>& all) {
  const auto count = std::ranges::count_if(all, [](double one) { return one < 1; });
  return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, all.size()));
}

} // namespace

void OldSkin::compare(const volume::Field& new_skin, Comparison& found) const {
  std::vector<double> face = distances(face_, new_skin);
  const std::vector<double> ears = distances(ears_, new_skin);
  found.ears = mean_of(ears);
  found.ears_near = near_share(ears);
  if (face.empty())
    return;
  found.apart = mean_of(face);
  found.near = near_share(face);
  const auto far = face.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(face.size() - 1) * 0.95);
  std::ranges::nth_element(face, far);
  found.far = *far;
}

} // namespace deid::mriremodel
