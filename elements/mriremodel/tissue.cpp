#include "elements/mriremodel/tissue.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace deid::mriremodel {

using volume::Point;

namespace {

constexpr double first = -7.0, last = 2.0, bin = 0.5; ///< [mm] of the profile
constexpr std::size_t least_skin = 200, least_air = 500, most_air = 400'000;
constexpr std::size_t block = 8; ///< [voxels] a side
constexpr std::size_t least_blocks = 12, most_blocks = 4000;
constexpr double own_part = 0.3; ///< weight of a place that is measured: the part that will change
constexpr double far_air = 14.0, near_air = 6.0; ///< [mm] from the head

std::uint64_t mixed(std::uint64_t x) { // splitmix64 (Steele, Lea and Flood 2014)
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

template <class T> double median(std::vector<T>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

/// The values of a cube of voxels.
std::vector<float> block_at(const volume::Sampler& scan, int i, int j, int k) {
  const auto nx = static_cast<std::size_t>(scan.about().size[0]),
             ny = static_cast<std::size_t>(scan.about().size[1]);
  std::vector<float> values;
  for (std::size_t row = 0; row < block * block; ++row) {
    const std::size_t start =
        ((static_cast<std::size_t>(k) + row / block) * ny + static_cast<std::size_t>(j) + row % block) * nx +
        static_cast<std::size_t>(i);
    const auto from = scan.values().begin() + static_cast<std::ptrdiff_t>(start);
    values.insert(values.end(), from, from + static_cast<std::ptrdiff_t>(block));
  }
  return values;
}

std::size_t bin_of(double distance) {
  const double index = (distance - first) / bin + 0.5;
  return static_cast<std::size_t>(std::clamp(index, 0.0, (last - first) / bin));
}

} // namespace

double chance(std::uint64_t seed, std::uint64_t index) {
  return static_cast<double>(mixed(mixed(seed) ^ index) >> 11U) / 9007199254740992.0;
}

Tissue::Tissue(const Subject& subject) {
  measure(subject);
  find_blocks(subject);
}

namespace {

/// The values of a scan, sorted by where they lie.
class Samples {
public:
  explicit Samples(const Subject& subject) : subject_(subject), skin(bin_of(last) + 1) {}

  void add(std::size_t voxel, const Point& at) {
    constexpr float outside = 1000; // [mm] beside the grid: far air, or the body; not measured
    const double distance = static_cast<double>(sample(subject_.fields.skin, at, outside));
    if (distance < first || distance >= static_cast<double>(outside))
      return;
    const std::vector<float>& values = subject_.scan.values();
    if (distance > far_air)
      far.push_back(values[voxel]);
    else if (distance > near_air)
      near.push_back(values[voxel]);
    else if (distance <= last && static_cast<double>(sample(subject_.fields.weight, at, 0)) > own_part)
      add_skin(values, voxel, distance);
  }

private:
  void add_skin(const std::vector<float>& values, std::size_t voxel, double distance) {
    skin[bin_of(distance)].push_back(values[voxel]);
    if (distance < -1 && distance > -5 && voxel > 0 && voxel + 1 < values.size())
      rough.push_back(std::abs(values[voxel] - (values[voxel - 1] + values[voxel + 1]) / 2));
  }
  const Subject& subject_;

public:
  std::vector<std::vector<float>> skin; ///< by bin
  std::vector<float> far{}, near{};     ///< air
  std::vector<float> rough{};           ///< differences of neighbours in the skin
};

/// A share of each part of the values, so that there are not too many.
void thin(std::vector<float>& values) {
  for (std::size_t i = most_air; i < values.size(); ++i)
    if (const auto to = static_cast<std::size_t>(chance(7, i) * static_cast<double>(i)); to < most_air)
      values[to] = values[i];
  values.resize(std::min(values.size(), most_air));
}

} // namespace

void Tissue::measure(const Subject& subject) {
  Samples samples(subject);
  volume::each_voxel(subject.scan.about(),
                     [&](std::size_t voxel, const Point& at) { samples.add(voxel, at); });
  air_ = samples.far.size() >= least_air ? std::move(samples.far) : std::move(samples.near);
  if (air_.size() < least_air)
    throw RemodelError("The scan shows no air around the head, so nothing can be put where the face was.");
  thin(air_);
  std::vector<float> sorted = air_;
  dark_ = median(sorted);
  for (auto& values_here : samples.skin) {
    if (values_here.size() < least_skin / 4)
      throw RemodelError("The scan shows too little skin in the face.");
    profile_.push_back(median(values_here));
  }
  if (samples.rough.size() < least_skin)
    throw RemodelError("The scan shows too little skin in the face.");
  // the difference to the mean of two neighbours spreads sqrt(1.5) times as far as noise does
  noise_ = 1.4826 * median(samples.rough) / std::sqrt(1.5);
}

double Tissue::skin(double distance) const {
  const double index = std::clamp((distance - first) / bin, 0.0, static_cast<double>(profile_.size() - 1));
  const auto low = static_cast<std::size_t>(index);
  const std::size_t high = std::min(low + 1, profile_.size() - 1);
  return profile_[low] + (index - static_cast<double>(low)) * (profile_[high] - profile_[low]);
}

double Tissue::share(double value, double distance) const {
  const double bright = skin(distance) - dark_;
  return bright > 0 ? (value - dark_) / bright : 1;
}

double Tissue::grain(double distance, std::uint64_t seed, std::uint64_t index) const {
  const double radius = std::sqrt(-2 * std::log(1 - chance(seed, 2 * index))),
               turn = 2 * std::numbers::pi * chance(seed, 2 * index + 1);
  const double bright = std::ranges::max(profile_) - dark_;
  const double part =
      bright > 0 ? std::clamp((skin(distance) - dark_) / bright, 0.0, 1.0) : 1; // darker: less
  return skin(distance) + part * noise_ * radius * std::cos(turn);
}

double Tissue::air(std::uint64_t seed, std::uint64_t voxel) const {
  const auto nx = static_cast<std::uint64_t>(size_[0]), ny = static_cast<std::uint64_t>(size_[1]);
  const std::array<std::uint64_t, 3> at{voxel % nx, voxel / nx % ny, voxel / nx / ny};
  if (blocks_.size() < least_blocks) { // little air: single values
    const auto place = static_cast<std::size_t>(chance(seed, 2 * voxel) * static_cast<double>(air_.size()));
    return static_cast<double>(air_[std::min(place, air_.size() - 1)]);
  }
  const std::uint64_t number = (at[2] / block * 4096 + at[1] / block) * 4096 + at[0] / block;
  const auto chosen = static_cast<std::size_t>(chance(seed, number) * static_cast<double>(blocks_.size()));
  const std::size_t inside = (at[2] % block * block + at[1] % block) * block + at[0] % block;
  return static_cast<double>(blocks_[std::min(chosen, blocks_.size() - 1)][inside]);
}

void Tissue::find_blocks(const Subject& subject) {
  const volume::Description& about = subject.scan.about();
  size_ = about.size;
  const auto in_air = [&](int i, int j, int k) {
    const Point at = volume::moved(about.to_world,
                                   {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
    constexpr float outside = 1000;
    const float distance = sample(subject.fields.skin, at, outside);
    return distance > static_cast<float>(far_air) && distance < outside;
  };
  constexpr int side = static_cast<int>(block), last = side - 1;
  for (int k = 0; k + side <= size_[2]; k += side)
    for (int j = 0; j + side <= size_[1]; j += side)
      for (int i = 0; i + side <= size_[0]; i += side)
        if (in_air(i, j, k) && in_air(i + last, j, k) && in_air(i, j + last, k + last) &&
            in_air(i + last, j + last, k + last) && blocks_.size() < most_blocks)
          blocks_.push_back(block_at(subject.scan, i, j, k));
}

} // namespace deid::mriremodel
