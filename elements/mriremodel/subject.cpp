#include "elements/mriremodel/subject.hpp"
#include "elements/volume/grid/distance.hpp"
#include "elements/volume/grid/head.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

namespace deid::mriremodel {

using volume::Description;
using volume::Field;
using volume::Mask;
using volume::Point;
using volume::Sampler;

namespace {

constexpr double fine = 1.0, coarse = 2.0; ///< [mm] cubes for the skin, and for the brain
constexpr double around_region = 26.0;     ///< [mm] of the grid beside the changeable part
constexpr double gaps_closed = 4.0;        ///< [mm] half of the gaps in the skin that are closed
constexpr int skin_smoothing = 2;          ///< passes: the distance of a mask has steps
constexpr float ct_skin = -300;            ///< [HU]
constexpr double clipped = 0.002;          ///< share of the brightest and darkest cells in a registration

std::string length(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

void check_voxels(const Description& about, const GateTuning& gates) {
  const auto [least, most] = std::ranges::minmax(about.spacing);
  if (most > gates.most_voxel && most / least <= gates.most_anisotropy)
    throw RemodelError("The scan's voxels are too large: " + length(most) + " mm, and " +
                       length(gates.most_voxel) + " mm are the most. The face cannot be judged.");
  if (most / least > gates.most_anisotropy || most > gates.most_voxel)
    throw RemodelError("The scan's slices are too thick: its voxels have " + length(least) + " to " +
                       length(most) + " mm. The face cannot be judged.");
  if (!about.oriented)
    throw RemodelError("The scan does not say where left and right, front and back are.");
  if (about.slope == 0)
    throw RemodelError("The scan's scaling makes all values equal.");
}

bool is_ct(const Sampler& scan, Modality modality) {
  if (modality != Modality::guessed)
    return modality == Modality::ct;
  constexpr float air = -500, bone = 800; // [HU]
  return scan.least()<air&& * std::ranges::max_element(scan.values())> bone;
}

/// The place of a box in the template's world, in the person's world.
void grow_to(Point& least, Point& most, const Point& at) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    least[axis] = std::min(least[axis], at[axis]);
    most[axis] = std::max(most[axis], at[axis]);
  }
}

/// The grid of 1 mm that holds the changeable part of the volume, and something more.
Field grid_of(const Field& whole, const volume::Affine& to_person, const RegionTuning& region) {
  constexpr double side = 110, front = 150; // [mm] of the template
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Point least{infinity, infinity, infinity}, most{-infinity, -infinity, -infinity};
  for (int corner = 0; corner < 8; ++corner)
    grow_to(least, most,
            volume::moved(to_person,
                          {(corner & 1) != 0 ? side : -side, (corner & 2) != 0 ? front : region.front.from,
                           (corner & 4) != 0 ? region.forehead.from : region.neck.from}));
  Field grid;
  grid.spacing = fine;
  std::size_t cells = 1;
  const Point first = whole.world(0, 0, 0),
              last = whole.world(whole.size[0] - 1, whole.size[1] - 1, whole.size[2] - 1);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double from = std::max(least[axis] - around_region, first[axis] - whole.spacing),
                 to = std::min(most[axis] + around_region, last[axis] + whole.spacing);
    if (to <= from)
      throw RemodelError("The scan does not show the part of the head that has a face.");
    grid.origin[axis] = from;
    grid.size[axis] = static_cast<int>((to - from) / fine) + 1;
    cells *= static_cast<std::size_t>(grid.size[axis]);
  }
  grid.values.resize(cells);
  return grid;
}

/// Calls set(cell, place in the world) for every cell, on two threads.
template <class Set> void fill(Field& field, const Set& set) {
  volume::in_halves(field.size[2], [&](int first, int last) {
    for (int z = first; z < last; ++z)
      for (int y = 0; y < field.size[1]; ++y)
        for (int x = 0; x < field.size[0]; ++x)
          set(field.values[field.index(x, y, z)], field.world(x, y, z));
  });
}

/// Where the mask's surface is the place where values pass the limit, the distance is taken from the values:
/// a mask knows its surface only to half a cell, and a skin would get steps.
void refine(Field& skin, const Sampler& scan, float limit) {
  const Field rough = skin;
  constexpr double near = 1.6, most_off = 1.3; // [mm]
  fill(skin, [&](float& cell, const Point& at) {
    const double distance = static_cast<double>(sample(rough, at, 0));
    if (std::abs(distance) > near)
      return;
    Point slope{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      Point low = at, high = at;
      low[axis] -= fine;
      high[axis] += fine;
      slope[axis] = static_cast<double>(scan.nearest(high) - scan.nearest(low)) / (2 * fine);
    }
    const double steep = std::hypot(slope[0], slope[1], slope[2]);
    const double off = static_cast<double>(limit - scan.nearest(at));
    if (steep < 1e-9 || std::abs(off) > most_off * steep)
      return; // a gap that was closed, or a place inside
    const double share = Ramp{near, near / 2}.at(std::abs(distance));
    cell = static_cast<float>(distance + share * (off / steep - distance));
  });
}

/// The own head on the whole volume, 1 mm: its mask needs the largest part of everything.
Field skin_of(const Sampler& scan, float limit, const Field& whole, const Field& grid) {
  Field all = whole;
  fill(all, [&](float& cell, const Point& at) { cell = scan.nearest(at); });
  Mask mask = volume::head_above(all, limit, static_cast<int>(std::lround(gaps_closed / whole.spacing)));
  if (std::ranges::find(mask, 1) == mask.end())
    throw RemodelError("There is no head in the scan.");
  volume::fill_slices(all, mask);
  std::ranges::transform(mask, all.values.begin(), [](unsigned char cell) { return cell != 0 ? 1.F : 0.F; });
  Field skin = grid;
  Mask inside(skin.values.size());
  fill(skin, [&](float& cell, const Point& at) { cell = held(all, at); });
  std::ranges::transform(skin.values, inside.begin(),
                         [](float share) { return static_cast<unsigned char>(share >= 0.5F ? 1 : 0); });
  skin = volume::signed_distance(skin, inside);
  refine(skin, scan, limit);
  volume::smooth(skin, skin_smoothing);
  return skin;
}

void weigh(Subject& subject, const RegionTuning& region) {
  subject.fields.weight = subject.fields.skin;
  constexpr float far = 1000; // [mm]
  fill(subject.fields.weight, [&](float& cell, const Point& at) {
    const double share = region_weight(subject.to_template(at), region);
    cell = share <= 0
               ? 0
               : static_cast<float>(
                     share * region.brain.at(static_cast<double>(sample(subject.brain.distance, at, far))));
  });
}

} // namespace

HeadFields resized(const HeadFields& fields, double spacing) {
  Field grid = fields.skin;
  grid.spacing = spacing;
  for (std::size_t axis = 0; axis < 3; ++axis)
    grid.size[axis] = static_cast<int>((fields.skin.size[axis] - 1) * fields.skin.spacing / spacing) + 1;
  grid.values.resize(grid.index(0, 0, grid.size[2]));
  HeadFields to{grid, grid};
  fill(to.skin, [&](float& cell, const Point& at) { cell = held(fields.skin, at); });
  fill(to.weight, [&](float& cell, const Point& at) { cell = held(fields.weight, at); });
  return to;
}

double region_weight(const Point& at, const RegionTuning& tuning) {
  return tuning.front.at(at[1]) * tuning.forehead.at(at[2]) * tuning.neck.at(at[2]);
}

float held(const Field& field, const Point& world) {
  Point inside{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    inside[axis] = std::clamp(world[axis], field.origin[axis],
                              field.origin[axis] + field.spacing * (field.size[axis] - 1));
  return sample(field, inside, 0);
}

Field skin_after(const Subject& subject, const Sampler& changed) {
  return skin_of(changed, subject.limit, volume::grid_around(changed.about(), fine), subject.fields.skin);
}

Subject study(const Description& about, std::span<const std::byte> voxels, const volume::BrainTemplate& known,
              Modality modality) {
  check_voxels(about, {});
  Subject subject{Sampler(about, voxels)};
  subject.ct = is_ct(subject.scan, modality);
  Field rough = volume::resampled(subject.scan, volume::registration_spacing);
  volume::clip(rough, clipped);
  subject.limit = subject.ct ? ct_skin : volume::head_limit(rough);
  subject.found = volume::register_head(known, rough);
  subject.back = volume::inverse(subject.found.map);
  Field middle = volume::grid_around(about, coarse);
  fill(middle, [&](float& cell, const Point& at) { cell = subject.scan.at(at); });
  subject.brain = volume::find_brain(middle, known, subject.found);
  const Field whole = volume::grid_around(about, fine);
  const RegionTuning region;
  subject.fields.skin =
      skin_of(subject.scan, subject.limit, whole, grid_of(whole, subject.found.map, region));
  weigh(subject, region);
  return subject;
}

} // namespace deid::mriremodel
