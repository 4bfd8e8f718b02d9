#include "elements/mriremodel/choice.hpp"
#include "elements/mriremodel/fill.hpp"
#include "elements/mriremodel/surface.hpp"
#include "elements/volume/grid/smooth.hpp"
#include <algorithm>

namespace deid::mriremodel {

namespace {

constexpr int drawn_per_candidate = 9;
constexpr int ears_tried = 12;          ///< places of the ears, for each head
constexpr double ear_near_counts = 20;  ///< [mm] that all of the ears' skin under 1 mm costs
constexpr double ear_cut_counts = 3;    ///< [mm] that ears which the volume cuts cost
constexpr double rough = 2.0;           ///< [mm] cubes of the heads that are compared
constexpr double enough_apart = 4.5;    ///< [mm] mean; more is not worth more
constexpr double enough_ears = 3.5;     ///< [mm] mean
constexpr double most_far = 12.0;       ///< [mm] of the farthest twentieth: tissue cannot follow so far
constexpr double most_misfit = 3.5;     ///< [mm] of forehead and temples
constexpr double most_near = 0.12;      ///< share of the old face's skin under 1 mm
constexpr double most_ears_near = 0.08; ///< the same of the ears
constexpr double refused = 1000;        ///< [mm] what it costs a head that a gate would refuse
constexpr double recognised = 10;       ///< what it costs a head that the own one is found with
constexpr double enough_unlike =
    0.08;                            ///< distance of descriptors beyond the usual one; more is not worth more
constexpr double near_counts = 0.8;  ///< a distance of descriptors for all of the skin
constexpr double millimetre = 0.006; ///< what a millimetre of skin counts beside a distance of descriptors

struct Candidate {
  std::uint64_t number = 0; ///< decides about the head
  Placed placed{};
  Comparison skin{};
  volume::Field head{}; ///< of the finalists, on cubes of `rough` mm
};

/// The most different first; heads that do not fit the volume or the forehead last.
double worth(const Candidate& one) {
  const Comparison& skin = one.skin;
  const double gain = std::min(skin.apart, enough_apart) + std::min(skin.ears, enough_ears);
  const double loss =
      (skin.apart < GateTuning{}.least_apart ? refused : 0) + 400 * skin.cut + 10 * skin.ears_cut +
      40 * std::max(0.0, skin.near - most_near) + 40 * std::max(0.0, skin.ears_near - most_ears_near) +
      1.5 * std::max(0.0, skin.far - most_far) + 4 * std::max(0.0, one.placed.misfit - most_misfit);
  return gain - loss;
}

void keep_best(std::vector<Candidate>& all, int count) {
  std::ranges::stable_sort(all, std::ranges::greater{}, worth);
  all.resize(std::min(all.size(), static_cast<std::size_t>(count)));
}

/// What the skin that stays near its place costs, as a distance of descriptors.
double near_cost(const Comparison& skin) {
  return near_counts *
         (std::max(0.0, skin.near - most_near) + std::max(0.0, skin.ears_near - most_ears_near));
}

/// A number of its own for each drawn head of each seed.
std::uint64_t number_of(std::uint64_t seed, int drawn) {
  return static_cast<std::uint64_t>(chance(seed, static_cast<std::uint64_t>(drawn)) * 9007199254740992.0);
}

/// Ears are seen from the side, the face from the front: each is chosen by itself.
void take_best_ears(Candidate& one, const std::vector<bool>& outside, const Subject& subject) {
  double most = 0;
  const Mesh before = one.placed.mesh;
  for (int i = 0; i < ears_tried; ++i) {
    Mesh tried = before;
    move_ears(tried, subject, one.number + static_cast<std::uint64_t>(i));
    const Comparison found = compare(tried, outside, subject);
    const double value = std::min(found.ears, enough_ears) - ear_near_counts * found.ears_near -
                         ear_cut_counts * found.ears_cut;
    if (i > 0 && value <= most)
      continue;
    most = value;
    one.skin = found;
    one.placed.mesh = std::move(tried);
  }
}

/// Compares many meshes by their vertices, and the best of them by the skin that they would give.
std::vector<Candidate> draw(const People& people, const Subject& subject, const HeadFields& fields,
                            std::uint64_t seed, int candidates) {
  const std::vector<bool> outside = outside_of(people.mean());
  std::vector<Candidate> all(static_cast<std::size_t>(candidates * drawn_per_candidate));
  volume::in_slices(static_cast<int>(all.size()), [&](int i) {
    Candidate& one = all[static_cast<std::size_t>(i)];
    one.number = number_of(seed, i);
    one.placed = place(people.draw(one.number), subject);
    one.skin = compare(one.placed.mesh, outside, subject);
  });
  keep_best(all, candidates + candidates / 2);
  const OldSkin old(subject);
  volume::in_slices(static_cast<int>(all.size()), [&](int i) {
    Candidate& one = all[static_cast<std::size_t>(i)];
    take_best_ears(one, outside, subject);
    one.head = blended(fields, subject.brain,
                       pushed(solid_distance(one.placed.mesh, fields.skin, rough), fields.skin));
    old.compare(one.head, one.skin);
  });
  keep_best(all, candidates);
  return all;
}

/// The mean distance of the heads to the own one.
double usual_distance(const std::vector<Look>& looks, const Look& own) {
  double sum = 0, count = 0;
  for (const Look& look : looks)
    if (const auto apart = distance(look, own)) {
      sum += *apart;
      count += 1;
    }
  return count > 0 ? sum / count : 0;
}

std::vector<Look> others_than(std::size_t one, std::vector<Look> looks) {
  looks.erase(looks.begin() + static_cast<std::ptrdiff_t>(one));
  return looks;
}

} // namespace

Chosen choose(const People& people, const Subject& subject, std::uint64_t seed, int candidates,
              Recogniser& recogniser) {
  const HeadFields fields = resized(subject.fields, rough);
  std::vector<Candidate> all = draw(people, subject, fields, seed, candidates);
  Chosen chosen;
  chosen.own = look_at(fields.skin, subject, recogniser);
  std::vector<Look> looks;
  looks.reserve(all.size());
  for (const Candidate& one : all)
    looks.push_back(look_at(one.head, subject, recogniser));
  const double usual = usual_distance(looks, chosen.own);
  std::size_t best = 0;
  double most = -1e9;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double unlike = std::min(distance(looks[i], chosen.own).value_or(0), usual + enough_unlike);
    const double value = unlike + millimetre * worth(all[i]) - near_cost(all[i].skin) -
                         (found_first(looks[i], chosen.own, others_than(i, looks)) ? recognised : 0);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  chosen.placed = std::move(all[best].placed);
  chosen.skin = all[best].skin;
  chosen.look = looks[best];
  chosen.apart = distance(chosen.look, chosen.own);
  chosen.strangers = others_than(best, std::move(looks));
  return chosen;
}

} // namespace deid::mriremodel
