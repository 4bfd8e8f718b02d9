#include "elements/mriremodel/fill.hpp"
#include "elements/volume/grid/cubic.hpp"
#include "elements/volume/grid/smooth.hpp"
#include "elements/volume/grid/stored.hpp"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>

namespace deid::mriremodel {

using volume::Field;
using volume::Point;

namespace {

constexpr double least_weight = 0.001;
constexpr double least_shift = 0.05; ///< [mm] that are worth a new value
constexpr int steps = 4;             ///< towards the place whose own depth is wanted
constexpr double union_rounding = 4; ///< [mm] two surfaces merge over

/// The smaller of two numbers, rounded where they are near each other (Quilez: polynomial smooth minimum).
double smooth_least(double a, double b) {
  const double h = std::max(union_rounding - std::abs(a - b), 0.0) / union_rounding;
  return std::min(a, b) - h * h * union_rounding / 4;
}

/// What one voxel becomes.
class Painter {
public:
  Painter(const Subject& subject, const Field& new_skin, const Tissue& tissue, std::uint64_t seed)
      : subject_(subject), new_skin_(new_skin), tissue_(tissue), seed_(seed),
        phase_(2 * std::numbers::pi * chance(seed, 1)), flow_(subject.fields.skin) {
    // passes for the wanted spread: a pass has 2 / 3 square cells
    const double cells = tuning_.normal_smoothing / flow_.spacing;
    volume::smooth(flow_, std::max(1, static_cast<int>(std::lround(1.5 * cells * cells)) -
                                          2)); // it was smoothed twice already
  }

  enum class Kind : std::uint8_t { same, moved, skin, air };
  struct Painted {
    Kind kind = Kind::same;
    double value = 0;
  };

  [[nodiscard]] Painted paint(const Point& at, std::uint64_t voxel) const {
    const double own = held(subject_.fields.skin, at), wanted = held(new_skin_, at);
    if (wanted >= tuning_.rim) {
      if (own >= tuning_.clean)
        return {};
      return {Kind::air, tissue_.air(seed_, voxel)};
    }
    const double depth = -wanted;
    if (depth >= tuning_.deep)
      return {};
    const double follow = Ramp{tuning_.deep, tuning_.shallow}.at(depth);
    const double to = own + follow * (wanted - own);
    const double slide = tuning_.slide * follow * static_cast<double>(sample(subject_.fields.weight, at, 0));
    const bool moves = std::abs(to - own) + slide >= least_shift;
    const Point from = moves ? place_of(slid(at, slide), to) : at;
    const double value = moves ? sharp_.at(from) : subject_.scan.nearest(from);
    const double hole = hole_at(from, value, wanted);
    if (hole > 0)
      return {Kind::skin, value + hole * (tissue_.grain(wanted, seed_, voxel) - value)};
    return moves ? Painted{Kind::moved, value} : Painted{};
  }

private:
  /// The place beside, in a direction that turns slowly: lines, moles and vessels of the skin leave their
  /// places.
  [[nodiscard]] Point slid(const Point& at, double by) const {
    const double turn = phase_ + 2.5 * std::sin(at[0] / tuning_.slide_turn + phase_) +
                        2.5 * std::sin(at[2] / tuning_.slide_turn + 2 * phase_) + at[1] / tuning_.slide_turn;
    return {at[0] + by * std::cos(turn), at[1], at[2] + by * std::sin(turn)};
  }
  /// The place whose own distance to the skin is `to`, along the direction of the own skin.
  [[nodiscard]] Point place_of(Point at, double to) const {
    for (int step = 0; step < steps; ++step) {
      const double off = to - static_cast<double>(held(subject_.fields.skin, at));
      const Point way = direction(at);
      for (std::size_t axis = 0; axis < 3; ++axis)
        at[axis] += off * way[axis];
    }
    return at;
  }
  [[nodiscard]] Point direction(const Point& at) const {
    Point slope{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      Point low = at, high = at;
      low[axis] -= flow_.spacing;
      high[axis] += flow_.spacing;
      slope[axis] = held(flow_, high) - held(flow_, low);
    }
    const double length = std::hypot(slope[0], slope[1], slope[2]);
    for (double& part : slope)
      part = length > 1e-6 ? part / length : 0;
    return slope;
  }
  /// Nostrils, lips and sinuses that were pulled to the surface would be holes in the new skin. Returns how
  /// much of a hole there is [0..1]. The outermost layer is dark in any skin, so it is judged by what lies
  /// under it.
  [[nodiscard]] double hole_at(const Point& from, double value, double wanted) const {
    if (wanted < -tuning_.skin - 1)
      return 0;
    const double near = Ramp{tuning_.skin + 1, tuning_.skin - 1}.at(-wanted);
    if (wanted <= -tuning_.judged)
      return tuning_.hole.at(tissue_.share(value, wanted)) * near;
    Point under = from;
    const Point way = direction(from);
    for (std::size_t axis = 0; axis < 3; ++axis)
      under[axis] -= (wanted + tuning_.judged) * way[axis];
    return tuning_.hole.at(tissue_.share(static_cast<double>(subject_.scan.nearest(under)), -tuning_.judged));
  }
  const Subject& subject_;
  const Field& new_skin_;
  const Tissue& tissue_;
  std::uint64_t seed_;
  FillTuning tuning_{};
  double phase_; ///< [rad]
  volume::CubicSampler sharp_{subject_.scan};
  Field flow_;
};

} // namespace

Field blended(const HeadFields& fields, const volume::Brain& brain, const Field& target) {
  Field to = fields.skin;
  const RegionTuning region;
  constexpr float far = 1000; // [mm]
  volume::in_halves(to.size[2], [&](int first, int last) {
    for (int z = first; z < last; ++z)
      for (int y = 0; y < to.size[1]; ++y)
        for (int x = 0; x < to.size[0]; ++x) {
          const std::size_t cell = to.index(x, y, z);
          const double weight = fields.weight.values[cell];
          if (weight <= 0)
            continue;
          const Point at = to.world(x, y, z);
          const double skull = static_cast<double>(sample(brain.distance, at, far)) - region.skull;
          const double wanted = smooth_least(held(target, at), skull);
          to.values[cell] =
              static_cast<float>((1 - weight) * static_cast<double>(to.values[cell]) + weight * wanted);
        }
  });
  return to;
}

Filled fill(std::span<std::byte> voxels, const Subject& subject, const Field& new_skin,
            const volume::Mask& kept, const Tissue& tissue, std::uint64_t seed) {
  const volume::Description& about = subject.scan.about();
  const Painter painter(subject, new_skin, tissue, seed);
  const volume::StoredVoxels stored(about, voxels);
  std::array<std::atomic<std::size_t>, 4> counts{};
  volume::in_halves(about.size[2], [&](int first, int last) {
    std::array<std::size_t, 4> here{};
    volume::each_voxel(about, first, last, [&](std::size_t voxel, const Point& at) {
      if (kept[voxel] != 0 || static_cast<double>(sample(subject.fields.weight, at, 0)) <= least_weight)
        return;
      const Painter::Painted painted = painter.paint(at, voxel);
      if (painted.kind != Painter::Kind::same)
        stored.set(voxel, painted.value);
      here.at(static_cast<std::size_t>(painted.kind)) += 1;
    });
    for (std::size_t kind = 0; kind < here.size(); ++kind)
      counts.at(kind) += here.at(kind);
  });
  return {counts[1], counts[2], counts[3]};
}

} // namespace deid::mriremodel
