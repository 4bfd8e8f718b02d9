// The head as a mask: threshold, the largest part, closing, holes.
#include "elements/volume/grid/head.hpp"
#include <algorithm>
#include <limits>

namespace deid::volume {

namespace {

/// A cell, and where it is: to work that out anew from the index would take a division a neighbour.
struct Cell {
  std::size_t at = 0;
  int x = 0, y = 0, z = 0;
};

} // namespace

std::size_t flood(const Field& field, Mask& mask, std::size_t seed, unsigned char from, unsigned char to) {
  const auto [nx, ny, nz] = field.size;
  const auto row = static_cast<std::size_t>(nx), slice = row * static_cast<std::size_t>(ny);
  std::vector<Cell> waiting{{seed, static_cast<int>(seed % row),
                             static_cast<int>(seed / row % static_cast<std::size_t>(ny)),
                             static_cast<int>(seed / slice)}};
  mask[seed] = to;
  std::size_t count = 0;
  const auto visit = [&](const Cell& beside) {
    if (mask[beside.at] != from)
      return;
    mask[beside.at] = to;
    waiting.push_back(beside);
  };
  while (!waiting.empty()) {
    const Cell here = waiting.back();
    waiting.pop_back();
    ++count;
    if (here.x > 0)
      visit({here.at - 1, here.x - 1, here.y, here.z});
    if (here.x + 1 < nx)
      visit({here.at + 1, here.x + 1, here.y, here.z});
    if (here.y > 0)
      visit({here.at - row, here.x, here.y - 1, here.z});
    if (here.y + 1 < ny)
      visit({here.at + row, here.x, here.y + 1, here.z});
    if (here.z > 0)
      visit({here.at - slice, here.x, here.y, here.z - 1});
    if (here.z + 1 < nz)
      visit({here.at + slice, here.x, here.y, here.z + 1});
  }
  return count;
}

namespace {

/// The rows beside one row of cells, and the row itself.
struct Rows {
  const unsigned char *here, *left, *right, *below, *above;
};

void spread_row(const Rows& rows, int cells, unsigned char value, unsigned char* to) {
  for (int x = 0; x < cells; ++x)
    if (rows.left[x] == value || rows.right[x] == value || rows.below[x] == value || rows.above[x] == value)
      to[x] = value;
  for (int x = 1; x < cells; ++x) {
    to[x] = rows.here[x - 1] == value ? value : to[x];
    to[x - 1] = rows.here[x] == value ? value : to[x - 1];
  }
}

} // namespace

void spread(const Field& field, Mask& mask, unsigned char value) {
  const Mask before = mask;
  const auto [nx, ny, nz] = field.size;
  const auto row_at = [&](int y, int z) { // beside the grid: the row at its edge, which adds nothing
    return before.data() + field.index(0, std::clamp(y, 0, ny - 1), std::clamp(z, 0, nz - 1));
  };
  for (int z = 0; z < nz; ++z)
    for (int y = 0; y < ny; ++y)
      spread_row({row_at(y, z), row_at(y - 1, z), row_at(y + 1, z), row_at(y, z - 1), row_at(y, z + 1)}, nx,
                 value, mask.data() + field.index(0, y, z));
}

namespace {

void keep_largest(const Field& field, Mask& mask) {
  constexpr unsigned char loose = 1, seen = 2, largest = 3;
  std::size_t most = 0;
  for (std::size_t at = 0; at < mask.size(); ++at) {
    if (mask[at] != loose)
      continue;
    const std::size_t count = flood(field, mask, at, loose, seen);
    if (count <= most)
      continue;
    most = count;
    std::ranges::replace(mask, largest, seen); // the part that was the largest so far
    flood(field, mask, at, seen, largest);
  }
  for (auto& cell : mask)
    cell = cell == largest ? 1 : 0;
}

/// Whether a cell lies at the edge of the grid. A grid of one slice has edges in the slice only.
bool at_edge(const Field& field, int x, int y, int z) {
  const auto [nx, ny, nz] = field.size;
  return x == 0 || y == 0 || x + 1 == nx || y + 1 == ny || (nz > 1 && (z == 0 || z + 1 == nz));
}

void fill_enclosed(const Field& field, Mask& mask) {
  constexpr unsigned char outside = 2;
  for (int z = 0; z < field.size[2]; ++z)
    for (int y = 0; y < field.size[1]; ++y)
      for (int x = 0; x < field.size[0]; ++x)
        if (const std::size_t at = field.index(x, y, z); mask[at] == 0 && at_edge(field, x, y, z))
          flood(field, mask, at, 0, outside);
  for (auto& cell : mask)
    cell = cell == outside ? 0 : 1;
}

} // namespace

void close_gaps(const Field& grid, Mask& mask, int cells) {
  for (int i = 0; i < cells; ++i)
    spread(grid, mask, 1);
  for (int i = 0; i < cells; ++i)
    spread(grid, mask, 0);
}

void fill_slices(const Field& grid, Mask& mask) {
  Field slice{{grid.size[0], grid.size[1], 1}, grid.spacing, {}, {}};
  const std::size_t cells = slice.index(0, 0, 1);
  for (std::size_t first = 0; first < mask.size(); first += cells) {
    const auto start = mask.begin() + static_cast<std::ptrdiff_t>(first);
    Mask one(start, start + static_cast<std::ptrdiff_t>(cells));
    if (std::ranges::find(one, 1) == one.end())
      continue;
    fill_enclosed(slice, one);
    std::ranges::copy(one, start);
  }
}

float head_limit(const Field& field) {
  constexpr float share = 0.45F;
  const float dark = *std::ranges::min_element(field.values);
  return dark + share * (otsu(field.values) - dark);
}

Mask head_above(const Field& field, float limit, int closing) {
  Mask mask(field.values.size());
  std::ranges::transform(field.values, mask.begin(),
                         [&](float value) { return static_cast<unsigned char>(value > limit ? 1 : 0); });
  keep_largest(field, mask);
  close_gaps(field, mask, closing);
  if (std::ranges::find(mask, 1) != mask.end())
    fill_enclosed(field, mask);
  return mask;
}

Mask head_of(const Field& field, int closing) {
  return head_above(field, head_limit(field), closing);
}

Point centre_of(const Field& field, const Mask& mask) {
  std::array<double, 3> sum{}; // of indices
  double count = 0;
  const auto nx = static_cast<std::size_t>(field.size[0]), ny = static_cast<std::size_t>(field.size[1]);
  for (std::size_t at = 0; at < mask.size(); ++at) {
    if (mask[at] == 0)
      continue;
    sum[0] += static_cast<double>(at % nx);
    sum[1] += static_cast<double>(at / nx % ny);
    sum[2] += static_cast<double>(at / nx / ny);
    count += 1;
  }
  Point centre{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    centre[axis] = field.origin[axis] + field.spacing * sum[axis] / count;
  return centre;
}

} // namespace deid::volume
