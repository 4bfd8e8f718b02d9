#pragma once
#include "elements/volume/volume.hpp"
#include <cstddef>
#include <span>

/// Single stored numbers of a volume. Plain C++.
namespace deid::volume {

/// Reads and writes voxels by value. Threads: several may write different voxels.
class StoredVoxels {
public:
  /// Requires: voxels.size() == about.bytes(), and about.slope is not 0.
  StoredVoxels(const Description& about, std::span<std::byte> voxels);

  /// The value of a voxel [slope and intercept applied].
  [[nodiscard]] double value(std::size_t voxel) const;
  /// Stores the nearest number that the type can hold. A value that is no number becomes 0.
  void set(std::size_t voxel, double value) const;

private:
  Description about_;
  std::span<std::byte> voxels_;
};

} // namespace deid::volume
