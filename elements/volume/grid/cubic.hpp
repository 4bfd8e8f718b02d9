#pragma once
#include "elements/volume/grid/field.hpp"

/// Values between voxels that stay sharp. Plain C++.
namespace deid::volume {

/// Cubic between 4 x 4 x 4 values of a grid (Keys 1981), of which the first index is the next in memory. at:
/// [steps of the grid]; outside the grid the value of the nearest place inside.
[[nodiscard]] double cubic(const std::vector<float>& values, const std::array<int, 3>& size, const Point& at);

/// Cubic between 4 x 4 x 4 voxels (Keys 1981). Linear interpolation takes a third of the finest detail away.
/// Threads: any.
class CubicSampler {
public:
  /// The sampler must outlive this object.
  explicit CubicSampler(const Sampler& scan);
  /// The value there, within the range of the scan; outside the volume that of the nearest place inside.
  [[nodiscard]] float at(const Point& world) const;

private:
  const Sampler& scan_;
  Affine to_index_;
  float most_;
};

} // namespace deid::volume
