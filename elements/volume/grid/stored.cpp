#include "elements/volume/grid/stored.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace deid::volume {

namespace {

template <class T> double read(const std::byte* at) {
  T number{};
  std::memcpy(&number, at, sizeof(T));
  return static_cast<double>(number);
}

template <class T> void write(std::byte* at, double value) {
  T number{};
  if constexpr (std::is_integral_v<T>) {
    constexpr auto least = static_cast<double>(std::numeric_limits<T>::lowest()),
                   most = static_cast<double>(std::numeric_limits<T>::max());
    const double whole = std::nearbyint(value);
    // the greatest number of 64 bits is no double: compare, then convert
    number = whole >= most    ? std::numeric_limits<T>::max()
             : whole <= least ? std::numeric_limits<T>::lowest()
                              : static_cast<T>(whole);
  } else {
    number = static_cast<T>(value);
  }
  std::memcpy(at, &number, sizeof(T));
}

struct Access {
  double (*read)(const std::byte*);
  void (*write)(std::byte*, double);
};
template <class T> constexpr Access access{read<T>, write<T>};

const Access& access_of(Format format) {
  // in the order of Format
  static constexpr std::array all{access<std::uint8_t>,  access<std::int8_t>,   access<std::uint16_t>,
                                  access<std::int16_t>,  access<std::uint32_t>, access<std::int32_t>,
                                  access<std::uint64_t>, access<std::int64_t>,  access<float>,
                                  access<double>};
  return all.at(static_cast<std::size_t>(format));
}

} // namespace

StoredVoxels::StoredVoxels(const Description& about, std::span<std::byte> voxels)
    : about_(about), voxels_(voxels) {}

double StoredVoxels::value(std::size_t voxel) const {
  const double number = access_of(about_.format).read(voxels_.data() + voxel * size_of(about_.format));
  return about_.slope * number + about_.intercept;
}

void StoredVoxels::set(std::size_t voxel, double value) const {
  const double number = std::isfinite(value) ? (value - about_.intercept) / about_.slope : 0;
  access_of(about_.format).write(voxels_.data() + voxel * size_of(about_.format), number);
}

} // namespace deid::volume
