#pragma once
#include "elements/volume/grid/field.hpp"

/// A scan in two parts: what is coarse, and the finest detail with the noise. Plain C++.
namespace deid::volume {

/// The coarse part is smooth, so interpolation takes little from it. The fine part is read voxel by voxel, so
/// it loses nothing: interpolation takes up to half of a scan's noise away, and moved tissue looks polished.
/// Threads: any, after construction.
class Bands {
public:
  /// The sampler must outlive this object.
  explicit Bands(const Sampler& scan);
  /// The coarse part there, cubic between voxels; outside the volume that of the nearest place inside.
  [[nodiscard]] double coarse(const Point& world) const;
  /// The fine part of the voxel that holds this place, or of the nearest one.
  [[nodiscard]] double fine(const Point& world) const;
  [[nodiscard]] double fine(std::size_t voxel) const {
    return static_cast<double>(scan_.values()[voxel] - coarse_[voxel]);
  }
  [[nodiscard]] double coarse(std::size_t voxel) const { return static_cast<double>(coarse_[voxel]); }

private:
  const Sampler& scan_;
  Affine to_index_;
  std::vector<float> coarse_;
};

} // namespace deid::volume
