#include "elements/mriremodel/fill.hpp"
#include "elements/mriremodel/transport.hpp"
#include "elements/volume/grid/cubic.hpp"
#include "elements/volume/grid/smooth.hpp"
#include "elements/volume/grid/stored.hpp"
#include <algorithm>
#include <atomic>
#include <cmath>

namespace deid::mriremodel {

using volume::Field;
using volume::Point;

namespace {

constexpr double least_weight = 0.001;
constexpr double least_shift = 0.05; ///< [mm] that are worth a new value
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
        transport_(subject, new_skin, seed, tuning_) {}

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
    if (-wanted >= tuning_.deep)
      return {};
    const Transport::Source source = transport_.source(at, own, wanted);
    const bool moves = source.shift >= least_shift;
    const double value = moves ? moved(at, source.from, wanted, voxel) : tissue_.value(voxel);
    const double hole = hole_at(source, value, wanted);
    if (hole > 0)
      return {Kind::skin, value + hole * (tissue_.mended(source.from, wanted, seed_, voxel) - value)};
    return moves ? Painted{Kind::moved, value} : Painted{};
  }

private:
  /// The coarse part is interpolated, the fine part comes voxel by voxel. Where tissue is stretched, its fine
  /// part would be repeated: there it is another place's.
  [[nodiscard]] double moved(const Point& at, const Point& from, double wanted, std::uint64_t voxel) const {
    const double own_share = transport_.density(at), other = std::sqrt(1 - own_share * own_share);
    const double fine = own_share * tissue_.bands().fine(from) + other * tissue_.texture(seed_, voxel);
    const double by_voxel = tissue_.bands().coarse(from) + fine,
                 between = static_cast<double>(sharp_.at(from));
    return between + tissue_.grain() * tuning_.smooth_skin.at(-wanted) * (by_voxel - between);
  }
  /// Nostrils, lips and sinuses that were pulled to the surface would be holes in the new skin. Returns how
  /// much of a hole there is [0..1]. The outermost layer is dark in any skin, so it is judged by what lies
  /// under it. A place that the old head does not have is a hole, too.
  [[nodiscard]] double hole_at(const Transport::Source& source, double value, double wanted) const {
    if (wanted < -tuning_.skin - 1)
      return 0;
    const double near = Ramp{tuning_.skin + 1, tuning_.skin - 1}.at(-wanted),
                 lost = tuning_.lost.at(source.off);
    if (wanted <= -tuning_.judged)
      return near * std::max(lost, tuning_.hole.at(tissue_.brightness(tissue_.bands().coarse(source.from))));
    Point under = source.from;
    const Point way = transport_.outwards(under);
    for (std::size_t axis = 0; axis < 3; ++axis)
      under[axis] -= (wanted + tuning_.judged) * way[axis];
    (void)value;
    return std::max(lost, tuning_.hole.at(tissue_.brightness(tissue_.bands().coarse(under))));
  }
  const Subject& subject_;
  const Field& new_skin_;
  const Tissue& tissue_;
  std::uint64_t seed_;
  FillTuning tuning_{};
  Transport transport_;
  volume::CubicSampler sharp_{subject_.scan};
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

Field pushed(Field target, const Field& own) {
  const PushTuning push;
  volume::in_slices(target.size[2], [&](int z) {
    for (int y = 0; y < target.size[1]; ++y)
      for (int x = 0; x < target.size[0]; ++x) {
        float& cell = target.values[target.index(x, y, z)];
        const double apart = static_cast<double>(cell - held(own, target.world(x, y, z)));
        cell += static_cast<float>(push.most * std::tanh(apart / push.reach));
      }
  });
  return target;
}

namespace {

std::pair<double, double> value_range(const volume::Sampler& scan) {
  const auto [least, most] = std::ranges::minmax(scan.values());
  return {static_cast<double>(least), static_cast<double>(most)};
}

} // namespace

Filled fill(std::span<std::byte> voxels, const Subject& subject, const Field& new_skin,
            const volume::Mask& kept, const Tissue& tissue, std::uint64_t seed) {
  const volume::Description& about = subject.scan.about();
  const Painter painter(subject, new_skin, tissue, seed);
  const volume::StoredVoxels stored(about, voxels);
  const auto [least, most] = value_range(subject.scan);
  std::array<std::atomic<std::size_t>, 4> counts{};
  volume::in_slices(about.size[2], [&](int slice) {
    std::array<std::size_t, 4> here{};
    volume::each_voxel(about, slice, slice + 1, [&](std::size_t voxel, const Point& at) {
      if (kept[voxel] != 0 || static_cast<double>(sample(subject.fields.weight, at, 0)) <= least_weight)
        return;
      const Painter::Painted painted = painter.paint(at, voxel);
      if (painted.kind != Painter::Kind::same)
        stored.set(voxel, std::clamp(painted.value, least, most)); // a scan may use less than its type holds
      here.at(static_cast<std::size_t>(painted.kind)) += 1;
    });
    for (std::size_t kind = 0; kind < here.size(); ++kind)
      counts.at(kind) += here.at(kind);
  });
  return {counts[1], counts[2], counts[3]};
}

} // namespace deid::mriremodel
