#include "elements/volume/grid/field.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace deid::volume {

namespace {

template <class T>
void convert(std::span<const std::byte> stored, const Description& about, std::vector<float>& to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    T number{};
    std::memcpy(&number, stored.data() + i * sizeof(T), sizeof(T));
    to[i] = static_cast<float>(about.slope * static_cast<double>(number) + about.intercept);
  }
}

std::vector<float> values_of(const Description& about, std::span<const std::byte> stored) {
  using Convert = void (*)(std::span<const std::byte>, const Description&, std::vector<float>&);
  // in the order of Format
  constexpr std::array<Convert, 10> converts{
      convert<std::uint8_t>,  convert<std::int8_t>,  convert<std::uint16_t>, convert<std::int16_t>,
      convert<std::uint32_t>, convert<std::int32_t>, convert<std::uint64_t>, convert<std::int64_t>,
      convert<float>,         convert<double>};
  std::vector<float> values(about.voxels());
  converts.at(static_cast<std::size_t>(about.format))(stored, about, values);
  for (float& value : values) // some programs write "not a number" where there is nothing
    if (!std::isfinite(value))
      value = 0;
  return values;
}

/// Linear between eight numbers of a grid. Outside by more than half a step: `outside`.
float interpolate(const std::vector<float>& values, const std::array<int, 3>& size, const Point& at,
                  float outside) {
  std::array<int, 3> low{}, step{};
  std::array<float, 3> share{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int last = size[axis] - 1;
    if (!(at[axis] >= -0.5) || at[axis] > last + 0.5)
      return outside;
    const double clamped = std::clamp(at[axis], 0.0, static_cast<double>(last));
    low[axis] = static_cast<int>(clamped);
    step[axis] = low[axis] < last ? 1 : 0;
    share[axis] = static_cast<float>(clamped - low[axis]);
  }
  const auto nx = static_cast<std::ptrdiff_t>(size[0]), nxy = nx * size[1];
  const float* first = values.data() + low[2] * nxy + low[1] * nx + low[0];
  const std::ptrdiff_t dx = step[0], dy = step[1] * nx, dz = step[2] * nxy;
  const auto line = [&](const float* row) { return row[0] + share[0] * (row[dx] - row[0]); };
  const auto plane = [&](const float* slice) {
    const float here = line(slice);
    return here + share[1] * (line(slice + dy) - here);
  };
  const float here = plane(first);
  return here + share[2] * (plane(first + dz) - here);
}

} // namespace

Sampler::Sampler(const Description& about, std::span<const std::byte> voxels)
    : about_(about), to_index_(inverse(about.to_world)), values_(values_of(about, voxels)),
      least_(*std::ranges::min_element(values_)) {}

float Sampler::at(const Point& world) const {
  return interpolate(values_, about_.size, moved(to_index_, world), least_);
}

float Sampler::nearest(const Point& world) const {
  Point at = moved(to_index_, world);
  for (std::size_t axis = 0; axis < 3; ++axis)
    at[axis] = std::clamp(at[axis], 0.0, static_cast<double>(about_.size[axis] - 1));
  return interpolate(values_, about_.size, at, least_);
}

bool Sampler::holds(const Point& world) const {
  const Point at = moved(to_index_, world);
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (!(at[axis] >= -0.5) || at[axis] > about_.size[axis] - 0.5)
      return false;
  return true;
}

float sample(const Field& field, const Point& world, float outside) {
  Point at{};
  const double cells = 1 / field.spacing;
  for (std::size_t axis = 0; axis < 3; ++axis)
    at[axis] = (world[axis] - field.origin[axis]) * cells;
  return interpolate(field.values, field.size, at, outside);
}

Field grid_around(const Description& about, double spacing) {
  Point least{}, most{};
  least.fill(std::numeric_limits<double>::infinity());
  most.fill(-std::numeric_limits<double>::infinity());
  for (int corner = 0; corner < 8; ++corner) {
    Point index{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      index[axis] = ((corner >> axis) & 1) != 0 ? about.size[axis] - 0.5 : -0.5;
    const Point world = moved(about.to_world, index);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      least[axis] = std::min(least[axis], world[axis]);
      most[axis] = std::max(most[axis], world[axis]);
    }
  }
  Field field;
  field.spacing = spacing;
  std::size_t cells = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    field.size[axis] = std::max(1, static_cast<int>(std::ceil((most[axis] - least[axis]) / spacing - 1e-9)));
    field.origin[axis] = (least[axis] + most[axis] - spacing * (field.size[axis] - 1)) / 2;
    cells *= static_cast<std::size_t>(field.size[axis]);
  }
  field.values.resize(cells);
  return field;
}

Field resampled(const Sampler& volume, double spacing) {
  Field field = grid_around(volume.about(), spacing);
  const double finest = *std::ranges::min_element(volume.about().spacing);
  const int parts =
      std::clamp(static_cast<int>(std::lround(spacing / finest)), 1, 4); // samples a cell and axis
  const double step = spacing / parts, first = -spacing / 2 + step / 2;
  std::size_t cell = 0;
  for (int z = 0; z < field.size[2]; ++z)
    for (int y = 0; y < field.size[1]; ++y)
      for (int x = 0; x < field.size[0]; ++x, ++cell) {
        const Point centre = field.world(x, y, z);
        double sum = 0;
        for (int part = 0; part < parts * parts * parts; ++part)
          sum += volume.at({centre[0] + first + step * (part % parts),
                            centre[1] + first + step * (part / parts % parts),
                            centre[2] + first + step * (part / parts / parts)});
        field.values[cell] = static_cast<float>(sum / (parts * parts * parts));
      }
  return field;
}

void clip(Field& field, double share) {
  std::vector<float> sorted = field.values;
  const auto cut = static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size() - 1));
  const auto low = sorted.begin() + cut, high = sorted.end() - 1 - cut;
  std::ranges::nth_element(sorted, low);
  const float least = *low;
  std::ranges::nth_element(sorted, high);
  const float most = *high;
  for (float& value : field.values)
    value = std::clamp(value, least, std::max(least, most));
}

float otsu(std::span<const float> values) {
  constexpr std::size_t bins = 256;
  const auto [least, most] = std::ranges::minmax(values);
  const float width = (most - least) / bins;
  if (!(width > 0))
    return least;
  std::array<double, bins> count{};
  for (const float value : values)
    count[std::min(bins - 1, static_cast<std::size_t>((value - least) / width))] += 1;
  double all = 0, moment = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    all += count[i];
    moment += count[i] * static_cast<double>(i);
  }
  double below = 0, below_moment = 0, best = -1;
  std::size_t first = 0, last = 0; // where a gap lies between dark and bright, every value in it is as good
  for (std::size_t i = 0; i + 1 < bins; ++i) {
    below += count[i];
    below_moment += count[i] * static_cast<double>(i);
    if (below == 0 || below == all)
      continue;
    const double apart = below_moment / below - (moment - below_moment) / (all - below);
    const double between = below * (all - below) * apart * apart;
    if (between > best) {
      best = between;
      first = i;
    }
    if (between >= best)
      last = i;
  }
  return least + width * static_cast<float>(first + last + 2) / 2;
}

} // namespace deid::volume
