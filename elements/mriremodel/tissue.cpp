#include "elements/mriremodel/tissue.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace deid::mriremodel {

using volume::Point;

namespace {

constexpr double first = -7.0, last = 2.0, bin = 0.5; ///< [mm] of the profile
constexpr std::size_t least_skin = 200, least_air = 500, most_air = 400'000;
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

double Tissue::air(std::uint64_t seed, std::uint64_t index) const {
  const auto place = static_cast<std::size_t>(chance(seed, 2 * index) * static_cast<double>(air_.size()));
  return static_cast<double>(air_[std::min(place, air_.size() - 1)]);
}

} // namespace deid::mriremodel
