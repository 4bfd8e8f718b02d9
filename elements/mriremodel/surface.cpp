#include "elements/mriremodel/surface.hpp"
#include "elements/volume/grid/distance.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace deid::mriremodel {

using volume::Field;
using volume::Mask;
using volume::Point;

namespace {

constexpr double cells_closed = 3.0; ///< [mm]
constexpr double beside = 8.0;       ///< [mm] of air around the mesh, so that air hangs together
constexpr int smoothing = 3;         ///< passes: facets of the mesh show otherwise

struct Box {
  Point least{1e9, 1e9, 1e9}, most{-1e9, -1e9, -1e9};
};

Box box_of(const Mesh& mesh) {
  Box box;
  for (const Point& at : mesh.vertices)
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box.least[axis] = std::min(box.least[axis], at[axis]);
      box.most[axis] = std::max(box.most[axis], at[axis]);
    }
  return box;
}

Field grid_for(const Box& box, const Field& around, double spacing) {
  Field grid;
  grid.spacing = spacing;
  std::size_t cells = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double first = around.origin[axis], last = first + around.spacing * (around.size[axis] - 1);
    // sideways, in front and above the mesh is whole; behind and below it is cut
    const double from = axis == 0 ? std::min(first, box.least[axis] - beside) : first,
                 to = std::max(last, box.most[axis] + beside);
    if (box.most[axis] < first || box.least[axis] > last)
      throw std::invalid_argument("a head does not reach into the grid that it is drawn on");
    grid.origin[axis] = from;
    grid.size[axis] = static_cast<int>((to - from) / spacing) + 2;
    cells *= static_cast<std::size_t>(grid.size[axis]);
  }
  grid.values.resize(cells);
  return grid;
}

class Shell {
public:
  explicit Shell(const Field& grid) : grid_(grid), mask_(grid.values.size()) {}

  void draw(const Point& a, const Point& b, const Point& c) {
    const double longest = std::max({volume::distance(a, b), volume::distance(b, c), volume::distance(c, a)});
    const int steps = std::max(1, static_cast<int>(std::ceil(2 * longest / grid_.spacing)));
    for (int i = 0; i <= steps; ++i)
      for (int j = 0; i + j <= steps; ++j) {
        const double u = static_cast<double>(i) / steps, v = static_cast<double>(j) / steps;
        Point at{};
        for (std::size_t axis = 0; axis < 3; ++axis)
          at[axis] = a[axis] + u * (b[axis] - a[axis]) + v * (c[axis] - a[axis]);
        mark(at);
      }
  }
  Mask take() { return std::move(mask_); }

private:
  void mark(const Point& at) {
    std::array<int, 3> cell{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      cell[axis] = static_cast<int>(std::lround((at[axis] - grid_.origin[axis]) / grid_.spacing));
      if (cell[axis] < 0 || cell[axis] >= grid_.size[axis])
        return;
    }
    mask_[grid_.index(cell[0], cell[1], cell[2])] = 1;
  }
  const Field& grid_;
  Mask mask_;
};

/// Under the edge of the mesh the flood would come in: slices there repeat the last whole one.
void extend_down(const Field& grid, Mask& mask, double edge) {
  const double cells = (edge - grid.origin[2]) / grid.spacing;
  const int last = std::clamp(static_cast<int>(std::ceil(cells)) + 3, 0, grid.size[2] - 1);
  const auto slice = static_cast<std::ptrdiff_t>(grid.index(0, 0, 1));
  for (int z = 0; z < last; ++z)
    std::copy_n(mask.begin() + slice * last, slice, mask.begin() + slice * z);
}

/// The highest place of the open edge at the neck [mm]: of edges that only one triangle has.
double edge_of(const Mesh& mesh, const Box& box) {
  constexpr double low_part = 45; // [mm] other edges, such as those of the lids, lie higher
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> uses;
  for (const Triangle& t : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i)
      uses[std::minmax(t.at(i), t.at((i + 1) % 3))] += 1;
  double highest = box.least[2];
  for (const auto& [edge, count] : uses)
    for (const std::uint32_t vertex : {edge.first, edge.second})
      if (const double z = mesh.vertices[vertex][2]; count == 1 && z < box.least[2] + low_part)
        highest = std::max(highest, z);
  return highest;
}

/// All that air from the front top does not reach.
Mask filled(const Field& grid, Mask shell) {
  constexpr unsigned char air = 2;
  const int cells = std::max(1, static_cast<int>(std::lround(cells_closed / grid.spacing)));
  for (int i = 0; i < cells; ++i)
    volume::spread(grid, shell, 1);
  const std::size_t seed = grid.index(0, grid.size[1] - 1, grid.size[2] - 1);
  if (shell[seed] == 0)
    volume::flood(grid, shell, seed, 0, air);
  for (auto& cell : shell)
    cell = cell == air ? 0 : 1;
  for (int i = 0; i < cells; ++i)
    volume::spread(grid, shell, 0);
  return shell;
}

} // namespace

Field solid_distance(const Mesh& mesh, const Field& around, double spacing) {
  const Box box = box_of(mesh);
  Field grid = grid_for(box, around, spacing);
  Shell shell(grid);
  for (const Triangle& t : mesh.triangles)
    shell.draw(mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]);
  Mask mask = shell.take();
  extend_down(grid, mask, edge_of(mesh, box));
  mask = filled(grid, std::move(mask));
  Field found = volume::signed_distance(grid, mask);
  // a cell that the mesh passes counts as inside, so the mask is half a cell too large
  for (float& value : found.values)
    value += static_cast<float>(spacing / 2);
  volume::smooth(found, smoothing);
  return found;
}

std::vector<bool> outside_of(const Mesh& mesh) {
  constexpr double rough = 2.0, deep = 2.5; // [mm]
  const Box box = box_of(mesh);
  Field around;
  around.spacing = rough;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    around.origin[axis] = box.least[axis];
    around.size[axis] = static_cast<int>((box.most[axis] - box.least[axis]) / rough) + 1;
  }
  const Field distance = solid_distance(mesh, around, rough);
  std::vector<bool> outside;
  outside.reserve(mesh.vertices.size());
  for (const Point& at : mesh.vertices)
    outside.push_back(static_cast<double>(sample(distance, at, 0)) > -deep);
  return outside;
}

} // namespace deid::mriremodel
