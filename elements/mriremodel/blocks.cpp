#include "elements/mriremodel/blocks.hpp"
#include <algorithm>

namespace deid::mriremodel {

namespace {

constexpr int part = 24; ///< [voxels] of the scan a side that choose from one list

std::uint64_t mixed(std::uint64_t x) { // splitmix64 (Steele, Lea and Flood 2014)
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

} // namespace

double chance(std::uint64_t seed, std::uint64_t index) {
  return static_cast<double>(mixed(mixed(seed) ^ index) >> 11U) / 9007199254740992.0;
}

void Blocks::add(const std::array<int, 3>& first, std::vector<float> values) {
  all_.push_back({first, std::move(values)});
}

void Blocks::finish() {
  for (std::size_t axis = 0; axis < 3; ++axis)
    parts_.at(axis) = (scan_.at(axis) + part - 1) / part;
  for (int k = 0; k < parts_[2]; ++k)
    for (int j = 0; j < parts_[1]; ++j)
      for (int i = 0; i < parts_[0]; ++i)
        lists_.push_back(near({i * part + part / 2, j * part + part / 2, k * part + part / 2}));
}

std::vector<std::uint32_t> Blocks::near(const std::array<int, 3>& middle) const {
  std::vector<std::pair<long, std::uint32_t>> found;
  for (std::uint32_t index = 0; index < all_.size(); ++index) {
    long apart = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const long off = all_[index].first.at(axis) + side_ / 2 - middle.at(axis);
      apart += off * off;
    }
    found.emplace_back(apart, index);
  }
  const std::size_t count = std::min(nearest_, found.size());
  std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<std::uint32_t> indices;
  for (std::size_t i = 0; i < count; ++i)
    indices.push_back(found[i].second);
  return indices;
}

double Blocks::value(std::uint64_t seed, std::uint64_t voxel) const {
  const auto nx = static_cast<std::uint64_t>(scan_[0]), ny = static_cast<std::uint64_t>(scan_[1]);
  const std::array<std::uint64_t, 3> at{voxel % nx, voxel / nx % ny, voxel / nx / ny};
  const auto side = static_cast<std::uint64_t>(side_);
  const std::uint64_t list = (at[2] / part * static_cast<std::uint64_t>(parts_[1]) + at[1] / part) *
                                 static_cast<std::uint64_t>(parts_[0]) +
                             at[0] / part,
                      cube = (at[2] / side * 4096 + at[1] / side) * 4096 + at[0] / side;
  const std::vector<std::uint32_t>& choice = lists_[list];
  const auto drawn = static_cast<std::size_t>(chance(seed, cube) * static_cast<double>(choice.size()));
  const Block& block = all_[choice[std::min(drawn, choice.size() - 1)]];
  return static_cast<double>(block.values[(at[2] % side * side + at[1] % side) * side + at[0] % side]);
}

} // namespace deid::mriremodel
