#include "elements/mriremodel/choice.hpp"
#include "elements/mriremodel/fill.hpp"
#include "elements/mriremodel/surface.hpp"
#include "elements/mriremodel/tissue.hpp"
#include <algorithm>

namespace deid::mriremodel {

namespace {

constexpr int drawn_per_candidate = 16;
constexpr double rough = 2.0;        ///< [mm] cubes of the heads that are compared
constexpr double enough_apart = 4.5; ///< [mm] mean; more is not worth more
constexpr double enough_ears = 6.0;  ///< [mm] mean
constexpr double most_far = 10.0;    ///< [mm] of the farthest twentieth: tissue cannot follow so far
constexpr double most_misfit = 3.5;  ///< [mm] of forehead and temples
constexpr double most_near = 0.03;   ///< share of the face's front that leaves the volume
constexpr double recognised = 10;    ///< what it costs a head that the own one is found with
constexpr double millimetre = 0.02;  ///< what a millimetre of skin counts beside a distance of descriptors

struct Candidate {
  Placed placed{};
  Comparison skin{};
};

/// The most different first; heads that do not fit the volume or the forehead last.
double worth(const Candidate& one) {
  const Comparison& skin = one.skin;
  const double gain = std::min(skin.apart, enough_apart) + std::min(skin.ears, enough_ears);
  const double loss = 400 * skin.cut + 10 * skin.ears_cut + 80 * std::max(0.0, skin.near - most_near) +
                      1.5 * std::max(0.0, skin.far - most_far) +
                      4 * std::max(0.0, one.placed.misfit - most_misfit);
  return gain - loss;
}

/// A number of its own for each drawn head of each seed.
std::uint64_t number_of(std::uint64_t seed, int drawn) {
  return static_cast<std::uint64_t>(chance(seed, static_cast<std::uint64_t>(drawn)) * 9007199254740992.0);
}

std::vector<Candidate> draw(const People& people, const Subject& subject, std::uint64_t seed,
                            int candidates) {
  std::vector<Candidate> all;
  const std::vector<bool> outside = outside_of(people.mean());
  for (int i = 0; i < candidates * drawn_per_candidate; ++i) {
    Candidate one{place(people.draw(number_of(seed, i)), subject), {}};
    one.skin = compare(one.placed.mesh, outside, subject);
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, std::ranges::greater{}, worth);
  all.resize(static_cast<std::size_t>(candidates));
  return all;
}

Look look_of(const Candidate& one, const HeadFields& fields, const Subject& subject, Recogniser& recogniser) {
  const volume::Field target = solid_distance(one.placed.mesh, fields.skin, rough);
  return look_at(blended(fields, subject.brain, target), subject, recogniser);
}

} // namespace

namespace {

std::vector<Look> others_than(std::size_t one, std::vector<Look> looks) {
  looks.erase(looks.begin() + static_cast<std::ptrdiff_t>(one));
  return looks;
}

} // namespace

Chosen choose(const People& people, const Subject& subject, std::uint64_t seed, int candidates,
              Recogniser& recogniser) {
  std::vector<Candidate> all = draw(people, subject, seed, candidates);
  Chosen chosen;
  const HeadFields fields = resized(subject.fields, rough);
  chosen.own = look_at(fields.skin, subject, recogniser);
  std::vector<Look> looks;
  looks.reserve(all.size());
  for (const Candidate& one : all)
    looks.push_back(look_of(one, fields, subject, recogniser));
  std::size_t best = 0;
  double most = -1e9;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double value = distance(looks[i], chosen.own).value_or(0) + millimetre * worth(all[i]) -
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
