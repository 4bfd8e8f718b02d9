#pragma once
#include "elements/mriremodel/blocks.hpp"
#include "elements/mriremodel/subject.hpp"
#include "elements/volume/grid/bands.hpp"
#include <cstdint>
#include <vector>

/// How skin and air look in this scan. Plain C++.
namespace deid::mriremodel {

/// Measured on the own head, so that nothing has to be known about the scanner. Threads: any, after
/// construction.
class Tissue {
public:
  /// The subject must outlive this object. Throws RemodelError when the scan shows too little skin or no air.
  explicit Tissue(const Subject& subject);

  /// The usual value at a distance to the skin [mm, less than 0 inside].
  [[nodiscard]] double skin(double distance) const;
  /// How bright a value is between air (0) and the limit of the head (1).
  [[nodiscard]] double brightness(double value) const { return (value - dark_) / (limit_ - dark_); }
  /// Skin for a place at `distance` whose own tissue cannot be used: as bright as what is near `from`, and
  /// as rough as this scan's tissue.
  [[nodiscard]] double mended(const volume::Point& from, double distance, std::uint64_t seed,
                              std::uint64_t voxel) const;
  /// The fine part of even tissue near by: mostly noise, with a mean of 0.
  [[nodiscard]] double texture(std::uint64_t seed, std::uint64_t voxel) const;
  /// The value for a voxel that becomes air, from this scan's own air near by: whole blocks of it, so that
  /// neighbours fit each other. Air that is always 0 would show where a face was.
  [[nodiscard]] double air(std::uint64_t seed, std::uint64_t voxel) const;
  [[nodiscard]] double value(std::uint64_t voxel) const {
    return static_cast<double>(subject_.scan.values()[voxel]);
  }
  /// The share of a scan's fine part that is read voxel by voxel [0..1]. With it moved tissue is as rough as
  /// it was: interpolation alone takes noise away, and voxels alone put steps into smooth scans.
  [[nodiscard]] double grain() const { return grain_; }
  [[nodiscard]] const volume::Bands& bands() const { return bands_; }

private:
  void measure();
  void find_blocks();
  void add_texture(std::vector<std::array<int, 3>> places);
  void measure_shares();
  void measure_grain();
  const Subject& subject_;
  volume::Bands bands_;
  std::vector<double> profile_{}; ///< medians, by distance
  std::vector<float> air_{};      ///< single values, for scans with few blocks of air
  Blocks air_blocks_, texture_;
  volume::Field shares_{}; ///< brightness of the skin near by / the usual one at that depth
  double dark_ = 0, limit_ = 1, grain_ = 1;
};

} // namespace deid::mriremodel
