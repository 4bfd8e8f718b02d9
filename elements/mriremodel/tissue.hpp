#pragma once
#include "elements/mriremodel/subject.hpp"
#include <array>
#include <cstdint>
#include <vector>

/// How skin and air look in this scan. Plain C++.
namespace deid::mriremodel {

/// A number between 0 and 1 that looks like chance and is always the same for the same two numbers.
[[nodiscard]] double chance(std::uint64_t seed, std::uint64_t index);

/// Measured on the own head, so that nothing has to be known about the scanner. Threads: any, after
/// construction.
class Tissue {
public:
  /// Throws RemodelError when the scan shows too little skin or no air.
  explicit Tissue(const Subject& subject);

  /// The usual value at a distance to the skin [mm, less than 0 inside].
  [[nodiscard]] double skin(double distance) const;
  /// How bright a value is between air (0) and the skin at this distance (1).
  [[nodiscard]] double share(double value, double distance) const;
  /// skin() with the scan's own noise.
  [[nodiscard]] double grain(double distance, std::uint64_t seed, std::uint64_t index) const;
  /// The value for a voxel that becomes air, from this scan's own air far from the head: whole blocks of it,
  /// so that neighbours fit each other. Air that is always 0 would show where a face was.
  [[nodiscard]] double air(std::uint64_t seed, std::uint64_t voxel) const;
  [[nodiscard]] double noise() const { return noise_; } ///< spread of neighbouring values in the skin

private:
  void measure(const Subject& subject);
  void find_blocks(const Subject& subject);
  std::vector<double> profile_{}; ///< medians, by distance
  std::vector<float> air_{};
  std::vector<std::vector<float>> blocks_{}; ///< of air, each `block` voxels a side
  std::array<int, 3> size_{};                ///< of the scan [voxels]
  double noise_ = 0, dark_ = 0;
};

} // namespace deid::mriremodel
