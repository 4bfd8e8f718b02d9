#include "elements/mriremodel/removal.hpp"
#include "elements/volume/grid/smooth.hpp"
#include "elements/volume/grid/stored.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace deid::mriremodel {

using volume::Field;
using volume::Point;

namespace {

constexpr double half = 0.5;       ///< of the weight: the part that these methods work in
constexpr double shear_gap = 10.0; ///< [mm] between the brain and the plane
constexpr int blur_passes = 54;    ///< of 1 mm cubes: .82 x sqrt(54) = 6 mm

/// Calls change(voxel, place) for every voxel that may change; change returns whether it did.
template <class Change>
std::size_t each(const Subject& subject, const volume::Mask& kept, const Change& change) {
  std::size_t changed = 0;
  volume::each_voxel(subject.scan.about(), [&](std::size_t voxel, const Point& at) {
    if (kept[voxel] == 0)
      changed += change(voxel, at) ? 1 : 0;
  });
  return changed;
}

/// In the template's plane of y and z: the lower front of the brain is on or behind the line.
struct Line {
  double along_y = 0, along_z = 0, most = 0; ///< a place is before the line when its product is greater
};

Line line_of(const Subject& subject) {
  constexpr double steep = 0.6; // [rad] the plane falls from the brow to the neck
  Line line{std::cos(steep), -std::sin(steep), -std::numeric_limits<double>::infinity()};
  const Field& brain = subject.brain.distance;
  for (int z = 0; z < brain.size[2]; ++z)
    for (int y = 0; y < brain.size[1]; ++y)
      for (int x = 0; x < brain.size[0]; ++x)
        if (brain.values[brain.index(x, y, z)] < 0) {
          const Point at = subject.to_template(brain.world(x, y, z));
          line.most = std::max(line.most, line.along_y * at[1] + line.along_z * at[2]);
        }
  line.most += shear_gap;
  return line;
}

} // namespace

std::size_t remove_face(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept) {
  const volume::StoredVoxels stored(subject.scan.about(), voxels);
  constexpr double side = 75, behind = 10; // [mm] of the template: ears stay, as with the tools that do this
  return each(subject, kept, [&](std::size_t voxel, const Point& at) {
    const Point in_template = subject.to_template(at);
    if (static_cast<double>(sample(subject.fields.weight, at, 0)) < half || in_template[1] < behind ||
        std::abs(in_template[0]) > side)
      return false;
    stored.set(voxel, static_cast<double>(subject.scan.least()));
    return true;
  });
}

std::size_t shear(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept) {
  const volume::StoredVoxels stored(subject.scan.about(), voxels);
  const Line line = line_of(subject);
  return each(subject, kept, [&](std::size_t voxel, const Point& at) {
    const Point in_template = subject.to_template(at);
    if (line.along_y * in_template[1] + line.along_z * in_template[2] <= line.most)
      return false;
    stored.set(voxel, static_cast<double>(subject.scan.least()));
    return true;
  });
}

std::size_t blur(std::span<std::byte> voxels, const Subject& subject, const volume::Mask& kept) {
  const volume::StoredVoxels stored(subject.scan.about(), voxels);
  Field soft = subject.fields.skin;
  for (int z = 0; z < soft.size[2]; ++z)
    for (int y = 0; y < soft.size[1]; ++y)
      for (int x = 0; x < soft.size[0]; ++x)
        soft.values[soft.index(x, y, z)] = subject.scan.nearest(soft.world(x, y, z));
  volume::smooth(soft, blur_passes);
  return each(subject, kept, [&](std::size_t voxel, const Point& at) {
    if (static_cast<double>(sample(subject.fields.weight, at, 0)) < half)
      return false;
    stored.set(voxel, static_cast<double>(held(soft, at)));
    return true;
  });
}

} // namespace deid::mriremodel
