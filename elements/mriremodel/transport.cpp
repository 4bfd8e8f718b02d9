#include "elements/mriremodel/transport.hpp"
#include "elements/mriremodel/tissue.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace deid::mriremodel {

using volume::Field;
using volume::Point;

namespace {

constexpr double shift_cell = 2.0;    ///< [mm] cubes that know a shift
constexpr int steps = 4;              ///< towards the place whose own depth is wanted
constexpr double moved_outside = 8.0; ///< [mm] outside the new skin that have a shift: neighbours of the skin
constexpr Ramp calm{3, 10};           ///< [mm] under the new skin: shifts are made smooth
constexpr int calm_passes = 12;       ///< of 2 mm cubes: 5.6 mm
constexpr double corrected = 7.0; ///< [mm] under the new skin in which the depth is corrected at each voxel

/// Passes of smooth() for a spread of so many cells: a pass has 2 / 3 square cells.
int passes_for(double cells) {
  return std::max(1, static_cast<int>(std::lround(1.5 * cells * cells)));
}

Field empty_like(const Field& fine, double spacing) {
  Field grid{{}, spacing, fine.origin, {}};
  for (std::size_t axis = 0; axis < 3; ++axis)
    grid.size[axis] = static_cast<int>((fine.size[axis] - 1) * fine.spacing / spacing) + 1;
  grid.values.assign(grid.index(0, 0, grid.size[2]), 0);
  return grid;
}

/// Calls set(cell, place) for all cells, on two threads.
template <class Set> void each_cell(const Field& grid, const Set& set) {
  volume::in_slices(grid.size[2], [&](int z) {
    for (int y = 0; y < grid.size[1]; ++y)
      for (int x = 0; x < grid.size[0]; ++x)
        set(grid.index(x, y, z), grid.world(x, y, z));
  });
}

} // namespace

Transport::Transport(const Subject& subject, const Field& new_skin, std::uint64_t seed,
                     const FillTuning& tuning)
    : subject_(subject), new_skin_(new_skin), tuning_(tuning), phase_(2 * std::numbers::pi * chance(seed, 1)),
      flow_(subject.fields.skin) {
  constexpr int before = 2; // the distance was smoothed so often already
  volume::smooth(flow_, std::max(1, passes_for(tuning_.normal_smoothing / flow_.spacing) - before));
  shifts_.fill(empty_like(subject.fields.skin, shift_cell));
  move_cells();
  calm_deep_cells();
  measure_density();
}

double Transport::depth_wanted(double own, double wanted) const {
  const double follow = Ramp{tuning_.deep, tuning_.shallow}.at(-wanted);
  return own + follow * (wanted - own);
}

void Transport::move_cells() {
  each_cell(shifts_[0], [&](std::size_t cell, const Point& at) {
    const double wanted = held(new_skin_, at), weight = sample(subject_.fields.weight, at, 0);
    if (weight <= 0 || wanted > moved_outside || -wanted >= tuning_.deep)
      return;
    const double own = held(subject_.fields.skin, at);
    const double follow = Ramp{tuning_.deep, tuning_.shallow}.at(-wanted);
    const Point from = place_of(slid(at, tuning_.slide * follow * weight), depth_wanted(own, wanted), steps);
    for (std::size_t axis = 0; axis < 3; ++axis)
      shifts_[axis].values[cell] = static_cast<float>(from[axis] - at[axis]);
  });
}

namespace {

/// Slope of one coordinate of a moved place along one axis, at a cell.
double slope(const Field& shift, bool same_axis, std::size_t along, const std::array<int, 3>& at) {
  std::array<int, 3> low = at, high = at;
  low[along] = std::max(0, at[along] - 1);
  high[along] = std::min(shift.size[along] - 1, at[along] + 1);
  const double rise = static_cast<double>(shift.values[shift.index(high[0], high[1], high[2])] -
                                          shift.values[shift.index(low[0], low[1], low[2])]);
  return (same_axis ? 1 : 0) + rise / (shift_cell * std::max(1, high[along] - low[along]));
}

} // namespace

/// Deep under the skin its direction turns quickly. Tissue that followed it there would become streaks.
void Transport::calm_deep_cells() {
  for (Field& shift : shifts_) {
    Field calmed = shift;
    volume::smooth(calmed, calm_passes);
    volume::smooth(shift, 1);
    each_cell(shift, [&](std::size_t cell, const Point& at) {
      const double share = calm.at(-static_cast<double>(held(new_skin_, at)));
      shift.values[cell] += static_cast<float>(share) * (calmed.values[cell] - shift.values[cell]);
    });
  }
}

void Transport::measure_density() {
  density_ = shifts_[0];
  const auto density_at = [&](const std::array<int, 3>& at) {
    volume::Affine map{};
    for (std::size_t row = 0; row < 3; ++row)
      for (std::size_t column = 0; column < 3; ++column)
        map[row][column] = slope(shifts_.at(row), row == column, column, at);
    return static_cast<float>(std::clamp(volume::determinant(map), 0.0, 1.0));
  };
  volume::in_slices(density_.size[2], [&](int z) {
    for (int y = 0; y < density_.size[1]; ++y)
      for (int x = 0; x < density_.size[0]; ++x)
        density_.values[density_.index(x, y, z)] = density_at({x, y, z});
  });
}

Transport::Source Transport::source(const Point& at, double own, double wanted) const {
  Source source{at, 0, 0};
  for (std::size_t axis = 0; axis < 3; ++axis)
    source.from[axis] += static_cast<double>(held(shifts_[axis], at));
  if (wanted > -corrected) {
    const double to = depth_wanted(own, wanted);
    source.from = place_of(source.from, to, 1);
    source.off = std::abs(to - static_cast<double>(held(subject_.fields.skin, source.from)));
  }
  source.shift = volume::distance(source.from, at);
  return source;
}

double Transport::density(const Point& at) const {
  return static_cast<double>(held(density_, at));
}

/// The place beside, in a direction that turns slowly: lines, moles and vessels of the skin leave their
/// places.
Point Transport::slid(const Point& at, double by) const {
  const double turn = phase_ + 2.5 * std::sin(at[0] / tuning_.slide_turn + phase_) +
                      2.5 * std::sin(at[2] / tuning_.slide_turn + 2 * phase_) + at[1] / tuning_.slide_turn;
  return {at[0] + by * std::cos(turn), at[1], at[2] + by * std::sin(turn)};
}

/// The place whose own distance to the skin is `to`, along the direction of the own skin.
Point Transport::place_of(Point at, double to, int most) const {
  constexpr double near = 0.02; // [mm]
  for (int step = 0; step < most; ++step) {
    const double off = to - static_cast<double>(held(subject_.fields.skin, at));
    if (std::abs(off) < near)
      break;
    const Point way = outwards(at);
    for (std::size_t axis = 0; axis < 3; ++axis)
      at[axis] += off * way[axis];
  }
  return at;
}

Point Transport::outwards(const Point& at) const {
  Point slope{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    Point low = at, high = at;
    low[axis] -= flow_.spacing;
    high[axis] += flow_.spacing;
    slope[axis] = held(flow_, high) - held(flow_, low);
  }
  const double length = std::hypot(slope[0], slope[1], slope[2]);
  for (double& part : slope)
    part = length > 1e-6 ? part / length : 0;
  return slope;
}

} // namespace deid::mriremodel
