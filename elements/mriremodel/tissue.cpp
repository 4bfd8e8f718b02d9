#include "elements/mriremodel/tissue.hpp"
#include "elements/volume/grid/cubic.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace deid::mriremodel {

using volume::Field;
using volume::Point;

namespace {

constexpr double first = -7.0, last = 2.0, bin = 0.5; ///< [mm] of the profile
constexpr std::size_t least_skin = 200, least_air = 500, most_air = 400'000;
constexpr int air_side = 8, texture_side = 6; ///< [voxels] of a block
constexpr std::size_t least_blocks = 12, near_air_blocks = 24, near_textures = 24;
constexpr double own_part = 0.3; ///< weight of a place that is measured: the part that will change
constexpr double far_air = 14.0, near_air = 6.0;       ///< [mm] from the head
constexpr double block_air = 10.0;                     ///< [mm] the same of blocks; nearer air is cleaned
constexpr double texture_top = -3, texture_deep = -25; ///< [mm] under the skin
constexpr double even_share = 0.20;                    ///< of the blocks of tissue: the most even ones
constexpr float beside_grid = 1000; ///< [mm] beside the grid: far air, or the body; not measured

constexpr double share_cell = 2.0;    ///< [mm] cubes that know how bright the skin is
constexpr int share_passes = 8;       ///< 4.6 mm
constexpr double shown = 1.2;         ///< [mm] under the skin: what is nearer is dark in any skin
constexpr double bright_enough = 1.1; ///< brightness of what is no hole
constexpr double grain_tried = 0.02, grain_deep = -15; ///< share of the voxels; [mm] under the skin
constexpr double grain_stretch = 0.9;                  ///< usual, along one axis
constexpr double least_share = 0.3, most_share = 1.5, least_known = 0.02;

template <class T> double median(std::vector<T>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

/// Calls visit(voxel) for the voxels of a cube, in the order they are stored.
template <class Visit>
void each_of(const std::array<int, 3>& size, const std::array<int, 3>& at, int side, const Visit& visit) {
  const auto nx = static_cast<std::size_t>(size[0]), ny = static_cast<std::size_t>(size[1]);
  for (int k = 0; k < side; ++k)
    for (int j = 0; j < side; ++j)
      for (int i = 0; i < side; ++i)
        visit((static_cast<std::size_t>(at[2] + k) * ny + static_cast<std::size_t>(at[1] + j)) * nx +
              static_cast<std::size_t>(at[0] + i));
}

std::size_t bin_of(double distance) {
  const double index = (distance - first) / bin + 0.5;
  return static_cast<std::size_t>(std::clamp(index, 0.0, (last - first) / bin));
}

/// The values of a scan, sorted by where they lie.
class Samples {
public:
  explicit Samples(const Subject& subject) : subject_(subject), skin(bin_of(last) + 1) {}

  void add(std::size_t voxel, const Point& at) {
    const double distance = static_cast<double>(sample(subject_.fields.skin, at, beside_grid));
    if (distance < first || distance >= static_cast<double>(beside_grid))
      return;
    const std::vector<float>& values = subject_.scan.values();
    if (distance > far_air)
      far.push_back(values[voxel]);
    else if (distance > near_air)
      near.push_back(values[voxel]);
    else if (distance <= last && static_cast<double>(sample(subject_.fields.weight, at, 0)) > own_part)
      skin[bin_of(distance)].push_back(values[voxel]);
  }

private:
  const Subject& subject_;

public:
  std::vector<std::vector<float>> skin; ///< by bin
  std::vector<float> far{}, near{};     ///< air
};

/// A share of each part of the values, so that there are not too many.
void thin(std::vector<float>& values) {
  for (std::size_t i = most_air; i < values.size(); ++i)
    if (const auto to = static_cast<std::size_t>(chance(7, i) * static_cast<double>(i)); to < most_air)
      values[to] = values[i];
  values.resize(std::min(values.size(), most_air));
}

} // namespace

Tissue::Tissue(const Subject& subject)
    : subject_(subject), bands_(subject.scan),
      air_blocks_(subject.scan.about().size, air_side, near_air_blocks),
      texture_(subject.scan.about().size, texture_side, near_textures),
      limit_(static_cast<double>(subject.limit)) {
  measure();
  find_blocks();
  measure_shares();
  measure_grain();
}

void Tissue::measure() {
  Samples samples(subject_);
  volume::each_voxel(subject_.scan.about(),
                     [&](std::size_t voxel, const Point& at) { samples.add(voxel, at); });
  air_ = samples.far.size() >= least_air ? std::move(samples.far) : std::move(samples.near);
  if (air_.size() < least_air)
    throw RemodelError("The scan shows no air around the head, so nothing can be put where the face was.");
  thin(air_);
  std::vector<float> sorted = air_;
  dark_ = std::min(median(sorted), limit_ - std::numeric_limits<float>::epsilon());
  for (auto& values_here : samples.skin) {
    if (values_here.size() < least_skin / 4)
      throw RemodelError("The scan shows too little skin in the face.");
    profile_.push_back(median(values_here));
  }
}

double Tissue::skin(double distance) const {
  const double index = std::clamp((distance - first) / bin, 0.0, static_cast<double>(profile_.size() - 1));
  const auto low = static_cast<std::size_t>(index);
  const std::size_t high = std::min(low + 1, profile_.size() - 1);
  return profile_[low] + (index - static_cast<double>(low)) * (profile_[high] - profile_[low]);
}

/// Single holes are bridged by the skin around them: shares are smoothed where there is skin, and only there.
void Tissue::measure_shares() {
  Field known = {{}, share_cell, subject_.fields.skin.origin, {}};
  for (std::size_t axis = 0; axis < 3; ++axis)
    known.size[axis] =
        static_cast<int>((subject_.fields.skin.size[axis] - 1) * subject_.fields.skin.spacing / share_cell) +
        1;
  known.values.assign(known.index(0, 0, known.size[2]), 0);
  shares_ = known;
  volume::in_slices(known.size[2], [&](int z) {
    for (int y = 0; y < known.size[1]; ++y)
      for (int x = 0; x < known.size[0]; ++x) {
        const Point at = known.world(x, y, z);
        const double distance = held(subject_.fields.skin, at), usual = skin(distance) - dark_;
        const double value = static_cast<double>(subject_.scan.nearest(at));
        if (distance > -shown || distance < first || usual <= 0 || brightness(value) < bright_enough)
          continue;
        known.values[known.index(x, y, z)] = 1;
        shares_.values[known.index(x, y, z)] =
            static_cast<float>(std::clamp((value - dark_) / usual, least_share, most_share));
      }
  });
  volume::smooth(shares_, share_passes);
  volume::smooth(known, share_passes);
  for (std::size_t i = 0; i < known.values.size(); ++i) {
    const float there = known.values[i], least = static_cast<float>(least_known);
    shares_.values[i] = there > least ? shares_.values[i] / there : 1;
  }
}

/// Stretches and presses tissue as a remodel does, reads it in both ways, and compares differences of
/// neighbours.
void Tissue::measure_grain() {
  const volume::CubicSampler smooth(subject_.scan);
  const auto& about = subject_.scan.about();
  const volume::Affine to_index = volume::inverse(about.to_world);
  double before = 0, cubic = 0, voxels = 0;
  std::size_t seen = 0;
  volume::each_voxel(about, [&](std::size_t voxel, const Point& at) {
    if (chance(11, voxel) > grain_tried)
      return;
    const double distance = static_cast<double>(sample(subject_.fields.skin, at, beside_grid));
    if (distance > texture_top || distance < grain_deep)
      return;
    const Point index = volume::moved(to_index, at);
    const double stretch = chance(15, voxel) < 0.5 ? grain_stretch : 1 / grain_stretch;
    std::array<double, 3> is{}, by_cubic{}, by_voxel{};
    for (std::size_t i = 0; i < 3; ++i) {
      const double step = static_cast<double>(i) - 1;
      const Point beside = volume::moved(about.to_world, {index[0] + step, index[1], index[2]});
      const Point from = volume::moved(about.to_world, {index[0] + stretch * step + chance(12, voxel) - 0.5,
                                                        index[1] + chance(13, voxel) - 0.5,
                                                        index[2] + chance(14, voxel) - 0.5});
      is.at(i) = static_cast<double>(subject_.scan.nearest(beside));
      by_cubic.at(i) = static_cast<double>(smooth.at(from));
      by_voxel.at(i) = bands_.coarse(from) + bands_.fine(from);
    }
    const auto rough = [](const std::array<double, 3>& v) { return std::abs(v[1] - (v[0] + v[2]) / 2); };
    before += rough(is);
    cubic += rough(by_cubic);
    voxels += rough(by_voxel);
    ++seen;
  });
  if (seen > 0 && voxels > cubic)
    grain_ = std::clamp((before - cubic) / (voxels - cubic), 0.0, 1.0);
}

double Tissue::mended(const Point& from, double distance, std::uint64_t seed, std::uint64_t voxel) const {
  const double usual = skin(distance) - dark_, share = static_cast<double>(held(shares_, from));
  const double inside = std::clamp(brightness(dark_ + share * usual), 0.0, 1.0); // air has less noise
  return dark_ + share * usual + inside * texture(seed, voxel);
}

double Tissue::texture(std::uint64_t seed, std::uint64_t voxel) const {
  return texture_.value(seed, voxel);
}

namespace {

/// Least and greatest distance from the skin at the corners of a block [mm].
std::pair<double, double> distances_in(const Subject& subject, const std::array<int, 3>& at, int side) {
  std::pair<double, double> found{1e9, -1e9};
  for (int corner = 0; corner < 8; ++corner) {
    const Point place{static_cast<double>(at[0] + (corner & 1) * (side - 1)),
                      static_cast<double>(at[1] + (corner >> 1 & 1) * (side - 1)),
                      static_cast<double>(at[2] + (corner >> 2) * (side - 1))};
    const auto distance = static_cast<double>(
        sample(subject.fields.skin, volume::moved(subject.scan.about().to_world, place), beside_grid));
    found = {std::min(found.first, distance), std::max(found.second, distance)};
  }
  return found;
}

/// Calls visit(corner, distances) for the blocks of a scan.
template <class Visit> void each_block(const Subject& subject, int side, const Visit& visit) {
  const std::array<int, 3>& size = subject.scan.about().size;
  for (int k = 0; k + side <= size[2]; k += side)
    for (int j = 0; j + side <= size[1]; j += side)
      for (int i = 0; i + side <= size[0]; i += side)
        visit(std::array{i, j, k}, distances_in(subject, {i, j, k}, side));
}

} // namespace

double Tissue::air(std::uint64_t seed, std::uint64_t voxel) const {
  if (air_blocks_.count() >= least_blocks)
    return air_blocks_.value(seed, voxel);
  const auto place = static_cast<std::size_t>(chance(seed, 2 * voxel) * static_cast<double>(air_.size()));
  return static_cast<double>(air_[std::min(place, air_.size() - 1)]);
}

void Tissue::find_blocks() {
  const volume::Description& about = subject_.scan.about();
  each_block(subject_, air_side, [&](const std::array<int, 3>& at, const auto& distance) {
    if (distance.first < block_air || distance.second >= static_cast<double>(beside_grid))
      return;
    std::vector<float> values;
    each_of(about.size, at, air_side,
            [&](std::size_t voxel) { values.push_back(subject_.scan.values()[voxel]); });
    if (static_cast<double>(*std::ranges::max_element(values)) < limit_)
      air_blocks_.add(at, std::move(values));
  });
  air_blocks_.finish();
  std::vector<std::array<int, 3>> places;
  each_block(subject_, texture_side, [&](const std::array<int, 3>& at, const auto& distance) {
    if (distance.second < texture_top && distance.first > texture_deep)
      places.push_back(at);
  });
  add_texture(std::move(places));
}

/// Takes the blocks whose coarse part is most even: edges are no texture.
void Tissue::add_texture(std::vector<std::array<int, 3>> places) {
  const std::array<int, 3>& size = subject_.scan.about().size;
  std::vector<std::pair<double, std::size_t>> uneven;
  for (std::size_t i = 0; i < places.size(); ++i) {
    double least = 1e30, most = -1e30;
    each_of(size, places[i], texture_side, [&](std::size_t voxel) {
      least = std::min(least, bands_.coarse(voxel));
      most = std::max(most, bands_.coarse(voxel));
    });
    if (brightness(least) > 1)
      uneven.emplace_back((most - least) / (least - dark_), i);
  }
  const std::size_t count =
      std::max(std::min(uneven.size(), least_blocks),
               static_cast<std::size_t>(even_share * static_cast<double>(uneven.size())));
  if (count < least_blocks)
    throw RemodelError("The scan shows too little tissue under the skin.");
  std::ranges::sort(uneven);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& at = places[uneven[i].second];
    std::vector<float> values;
    each_of(size, at, texture_side,
            [&](std::size_t voxel) { values.push_back(static_cast<float>(bands_.fine(voxel))); });
    texture_.add(at, std::move(values));
  }
  texture_.finish();
}

} // namespace deid::mriremodel
