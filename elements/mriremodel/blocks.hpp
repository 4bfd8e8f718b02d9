#pragma once
#include "elements/volume/volume.hpp"
#include <array>
#include <cstdint>
#include <vector>

/// Small cubes cut out of a scan, to be put elsewhere in it. Plain C++.
namespace deid::mriremodel {

/// A number between 0 and 1 that looks like chance and is always the same for the same two numbers.
[[nodiscard]] double chance(std::uint64_t seed, std::uint64_t index);

/// A place gets a cube from near by, because a scan's noise and ghosts differ from place to place. Threads:
/// any, after finish().
class Blocks {
public:
  /// side: of a cube [voxels]. nearest: so many cubes are in question for a place.
  Blocks(const std::array<int, 3>& scan, int side, std::size_t nearest)
      : scan_(scan), side_(side), nearest_(nearest) {}

  /// first: the cube's first voxel. values: side^3 of them, as they are stored.
  void add(const std::array<int, 3>& first, std::vector<float> values);
  /// Finds out which cubes are near which place. Call it once, after the last add().
  void finish();
  [[nodiscard]] std::size_t count() const { return all_.size(); }
  /// The value for a voxel. Neighbours get values of one cube. Requires: finish(), and count() > 0.
  [[nodiscard]] double value(std::uint64_t seed, std::uint64_t voxel) const;

private:
  struct Block {
    std::array<int, 3> first{};
    std::vector<float> values{};
  };
  [[nodiscard]] std::vector<std::uint32_t> near(const std::array<int, 3>& middle) const;
  std::array<int, 3> scan_, parts_{}; ///< [voxels]; of the scan that have one list
  int side_;
  std::size_t nearest_;
  std::vector<Block> all_{};
  std::vector<std::vector<std::uint32_t>> lists_{};
};

} // namespace deid::mriremodel
