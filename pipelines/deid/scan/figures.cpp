#include "pipelines/deid/scan/figures.hpp"
#include "elements/mriremodel/placement.hpp"
#include "elements/mriremodel/surface.hpp"
#include "elements/volume/anatomy/protection.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>

namespace deid::cli {

namespace {

using mriremodel::Subject;
using volume::Point;

constexpr double judged_margin = 4.0; ///< [mm] around the brain; a remodel keeps 6 mm
constexpr double all_new = 0.9;       ///< weight of the part that is judged
constexpr double skin_layer = 0.6;    ///< [mm] around the surface that counts as the skin

bool is_ear(const Point& at) { // in the template's world
  constexpr double side = 72, back = -55, front = 5, top = 0, bottom = -75;
  return std::abs(at[0]) > side && at[1] > back && at[1] < front && at[2] < top && at[2] > bottom;
}

/// One voxel with its place and its distances to both skins.
struct Place {
  std::size_t voxel = 0;
  Point world{};
  double weight = 0, old_skin = 0, new_skin = 0; ///< skins: [mm]
  bool inner = false;                            ///< has a neighbour before and behind it in memory
};

/// Calls visit(Place) for every voxel of the grid on which the skins are known.
template <class Visit>
void each_place(const Subject& subject, const volume::Field& new_skin, const Visit& visit) {
  constexpr float beside = 1e4F;
  const std::size_t voxels = subject.scan.about().voxels();
  volume::each_voxel(subject.scan.about(), [&](std::size_t voxel, const Point& at) {
    const float old_skin = sample(subject.fields.skin, at, beside);
    if (old_skin < beside)
      visit(Place{voxel, at, static_cast<double>(sample(subject.fields.weight, at, 0)),
                  static_cast<double>(old_skin), static_cast<double>(sample(new_skin, at, beside)),
                  voxel > 0 && voxel + 1 < voxels});
  });
}

/// Mean, share and quantile of numbers.
struct Numbers {
  std::vector<double> all{};
  [[nodiscard]] double mean() const {
    double sum = 0;
    for (const double one : all)
      sum += one;
    return all.empty() ? 0 : sum / static_cast<double>(all.size());
  }
  [[nodiscard]] double under(double limit) const {
    const auto count = std::ranges::count_if(all, [limit](double one) { return one < limit; });
    return all.empty() ? 1 : static_cast<double>(count) / static_cast<double>(all.size());
  }
  [[nodiscard]] double quantile(double share) {
    if (all.empty())
      return 0;
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
    std::ranges::nth_element(all, at);
    return *at;
  }
  [[nodiscard]] double spread() const {
    const double middle = mean();
    double sum = 0;
    for (const double one : all)
      sum += (one - middle) * (one - middle);
    return all.empty() ? 0 : std::sqrt(sum / static_cast<double>(all.size()));
  }
};

double ratio(double after, double before) {
  return before > 0 ? after / before : 1;
}

/// Difference of a voxel to the mean of its neighbours along the first axis.
double roughness(const std::vector<float>& values, std::size_t voxel) {
  return static_cast<double>(std::abs(values[voxel] - (values[voxel - 1] + values[voxel + 1]) / 2));
}

class Counting {
public:
  Counting(const Subject& subject, const volume::Sampler& after)
      : subject_(subject), before_(subject.scan.values()), after_(after.values()),
        same_(0.02 * static_cast<double>(subject.limit - subject.scan.least())) {}

  void add(const Place& at) {
    if (at.weight < all_new)
      return;
    add_skin(at);
    add_nature(at);
  }
  [[nodiscard]] SkinFigures skin() {
    return {skin_.mean(), skin_.quantile(0.95), skin_.under(1),
            ears_.mean(), ears_.under(1),       ratio(kept_, outer_)};
  }
  [[nodiscard]] NaturalFigures natural() const {
    return {ratio(rough_after_.mean(), rough_before_.mean()), ratio(rim_after_.mean(), rim_before_.mean()),
            ratio(new_air_.spread(), real_air_.spread()), ratio(edge_.mean(), beside_edge_.mean())};
  }

private:
  /// Where the old face stuck out: its layers, and the air before them that no remodel changes.
  void add_air(const Place& at) {
    constexpr double out = 4, layer = 2, beside = 6, real_from = 10, real_to = 16; // [mm]
    if (at.new_skin - at.old_skin < out || at.new_skin < out)
      return;
    const double from_old = std::abs(at.old_skin);
    if (at.old_skin < layer)
      new_air_.all.push_back(static_cast<double>(after_[at.voxel]));
    if (at.old_skin > real_from && at.old_skin < real_to)
      real_air_.all.push_back(static_cast<double>(before_[at.voxel]));
    if (from_old < skin_layer)
      edge_.all.push_back(roughness(after_, at.voxel));
    else if (from_old > layer && from_old < beside)
      beside_edge_.all.push_back(roughness(after_, at.voxel));
  }
  void add_skin(const Place& at) {
    const Point in_template = subject_.to_template(at.world);
    if (std::abs(at.old_skin) < skin_layer && is_ear(in_template))
      ears_.all.push_back(std::abs(at.new_skin));
    else if (std::abs(at.old_skin) < skin_layer && in_template[1] > 0)
      skin_.all.push_back(std::abs(at.new_skin));
    constexpr double outer = 10;
    if (at.old_skin > 0 || at.old_skin < -outer)
      return;
    outer_ += 1;
    kept_ += static_cast<double>(std::abs(after_[at.voxel] - before_[at.voxel])) <= same_ ? 1 : 0;
  }
  void add_nature(const Place& at) {
    if (!at.inner)
      return;
    add_air(at);
    const auto within = [](double skin, double from, double to) { return skin < -from && skin > -to; };
    if (within(at.old_skin, 1, 15))
      rough_before_.all.push_back(roughness(before_, at.voxel));
    if (within(at.new_skin, 1, 15))
      rough_after_.all.push_back(roughness(after_, at.voxel));
    if (within(at.old_skin, 0.3, 0.9))
      rim_before_.all.push_back(static_cast<double>(before_[at.voxel]));
    if (within(at.new_skin, 0.3, 0.9))
      rim_after_.all.push_back(static_cast<double>(after_[at.voxel]));
  }
  const Subject& subject_;
  const std::vector<float>&before_, &after_;
  double same_, outer_ = 0, kept_ = 0;
  Numbers skin_{}, ears_{}, rough_before_{}, rough_after_{}, rim_before_{}, rim_after_{}, new_air_{},
      real_air_{}, beside_edge_{}, edge_{};
};

/// Whether the place, or one beside it, may change. The brain is found anew here, and not to the last bit.
bool near_region(const Subject& subject, const Point& at) {
  constexpr double tolerance = 1.5; // [mm]
  if (sample(subject.fields.weight, at, 0) > 0)
    return true;
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const double step : {-tolerance, tolerance}) {
      Point beside = at;
      beside[axis] += step;
      if (sample(subject.fields.weight, beside, 0) > 0)
        return true;
    }
  return false;
}

void count_changes(ScanFigures& to, const ScanPair& pair, const Subject& subject, const volume::Mask& kept) {
  const std::size_t size = volume::size_of(pair.before.about.format);
  volume::each_voxel(pair.before.about, [&](std::size_t voxel, const Point& at) {
    if (std::memcmp(pair.before.voxels.data() + voxel * size, pair.after.voxels.data() + voxel * size,
                    size) == 0)
      return;
    to.changed += 1;
    to.brain_changed += kept[voxel] != 0 ? 1 : 0;
    to.behind_changed += near_region(subject, at) ? 0 : 1;
  });
}

/// Heads of the population in the person's place: what a stranger's picture looks like.
LikenessFigures likeness_of(const Subject& subject, const volume::Field& new_skin,
                            mriremodel::Resources& resources, int strangers) {
  constexpr double rough = 2.0;                 // [mm]
  constexpr std::uint64_t others = 0x51ab5e11f; // other heads than those of any small seed
  LikenessFigures to;
  const mriremodel::HeadFields fields = mriremodel::resized(subject.fields, rough);
  const mriremodel::Look own = look_at(fields.skin, subject, *resources.recogniser),
                         result = look_at(mriremodel::resized({new_skin, new_skin}, rough).skin, subject,
                                          *resources.recogniser);
  to.to_own = mriremodel::distance(result, own);
  to.rank = to.to_own ? 1 : 0;
  double sum = 0, count = 0;
  for (int i = 0; i < strangers; ++i) {
    const auto placed =
        mriremodel::place(resources.people->draw(others + static_cast<std::uint64_t>(i)), subject);
    const auto target = mriremodel::solid_distance(placed.mesh, fields.skin, rough);
    const auto look =
        look_at(mriremodel::blended(fields, subject.brain, target), subject, *resources.recogniser);
    const auto to_own = mriremodel::distance(look, own), to_result = mriremodel::distance(look, result);
    if (!to_own)
      continue;
    to.strangers += 1;
    sum += *to_own;
    count += 1;
    to.rank += to.to_own && to_result && *to_result < *to.to_own ? 1 : 0;
  }
  if (count > 0)
    to.own_to_strangers = sum / count;
  return to;
}

} // namespace

ScanFigures figures_of(const ScanPair& pair, const Subject& subject, mriremodel::Resources& resources,
                       int strangers) {
  ScanFigures to;
  to.same_type = pair.before.about.format == pair.after.about.format;
  to.same_geometry = pair.before.about == pair.after.about;
  to.voxels = pair.before.about.voxels();
  if (!to.same_geometry)
    return to;
  const volume::Mask kept = volume::protected_voxels(pair.before.about, subject.brain, judged_margin);
  const volume::Protection before(pair.before.voxels, kept), after(pair.after.voxels, kept);
  to.brain_voxels = before.count();
  to.brain_hash_before = before.hash();
  to.brain_hash_after = after.hash();
  count_changes(to, pair, subject, kept);
  const volume::Sampler changed(pair.after.about, pair.after.voxels);
  const volume::Field new_skin = skin_after(subject, changed);
  Counting counting(subject, changed);
  each_place(subject, new_skin, [&](const Place& at) { counting.add(at); });
  to.skin = counting.skin();
  to.natural = counting.natural();
  to.likeness = likeness_of(subject, new_skin, resources, strangers);
  return to;
}

} // namespace deid::cli
