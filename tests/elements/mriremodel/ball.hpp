#pragma once
#include "elements/mriremodel/fill.hpp"
#include "elements/volume/anatomy/protection.hpp"
#include "elements/volume/grid/stored.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

/// A ball as a head, with noise and a pattern, whose front half may change.
namespace deid::mriremodel {

using volume::Point;

inline constexpr double radius = 40; ///< [mm] of the ball; its brain has 15
inline constexpr int half = 60;      ///< [mm] of the grid

inline double length(const Point& at) {
  return std::hypot(at[0], at[1], at[2]);
}

inline double made_value(const Point& at, std::uint64_t voxel) {
  const double inside = std::clamp(radius + 0.5 - length(at), 0.0, 1.0), noise = 6 * chance(5, voxel);
  return 4 + noise + 200 * inside + 20 * inside * std::sin(at[0]) * std::cos(at[2] / 2);
}

inline volume::Field ball_field(double r, double spacing = 1) {
  const int cells = static_cast<int>(2 * half / spacing) + 1;
  volume::Field field{{cells, cells, cells}, spacing, {-half, -half, -half}, {}};
  for (int z = 0; z < cells; ++z)
    for (int y = 0; y < cells; ++y)
      for (int x = 0; x < cells; ++x)
        field.values.push_back(static_cast<float>(length(field.world(x, y, z)) - r));
  return field;
}

struct Ball {
  volume::Description about{.format = volume::Format::s16,
                            .size = {2 * half + 1, 2 * half + 1, 2 * half + 1}};
  std::vector<std::byte> voxels{};

  Ball() {
    about.oriented = true;
    for (std::size_t axis = 0; axis < 3; ++axis)
      about.to_world[axis][3] = -half;
    voxels.resize(about.bytes());
    const volume::StoredVoxels stored(about, voxels);
    std::size_t voxel = 0;
    for (int k = -half; k <= half; ++k)
      for (int j = -half; j <= half; ++j)
        for (int i = -half; i <= half; ++i, ++voxel)
          stored.set(
              voxel,
              made_value({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}, voxel));
  }
  /// The front half may change.
  [[nodiscard]] Subject subject() const {
    Subject made{volume::Sampler(about, voxels)};
    made.limit = 100;
    made.found.map = {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
    made.back = made.found.map;
    made.brain.distance = ball_field(15, 2);
    made.fields.skin = ball_field(radius);
    made.fields.weight = made.fields.skin;
    for (int z = 0; z <= 2 * half; ++z)
      for (int y = 0; y <= 2 * half; ++y)
        for (int x = 0; x <= 2 * half; ++x)
          made.fields.weight.values[made.fields.weight.index(x, y, z)] = static_cast<float>(
              Ramp{0, 10}.at(y - half) * Ramp{21, 29}.at(length({x - 60., y - 60., z - 60.})));
    return made;
  }
};

struct Filling {
  Ball ball{};
  std::vector<std::byte> before = ball.voxels;
  Subject subject = ball.subject();
  volume::Mask kept = volume::protected_voxels(ball.about, subject.brain, 6);
  Tissue tissue{subject};

  Filled run(double new_radius, std::uint64_t seed = 9) {
    return fill(ball.voxels, subject, blended(subject.fields, subject.brain, ball_field(new_radius)), kept,
                tissue, seed);
  }
  [[nodiscard]] double value(double x, double y, double z) const {
    const volume::Sampler sampler(ball.about, ball.voxels);
    return static_cast<double>(sampler.at({x, y, z}));
  }
};

} // namespace deid::mriremodel
