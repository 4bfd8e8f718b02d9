#include "elements/mriremodel/choice.hpp"
#include "elements/mriremodel/fill.hpp"
#include "elements/mriremodel/surface.hpp"
#include <algorithm>

namespace deid::mriremodel {

namespace {

constexpr int drawn_per_candidate = 6;
constexpr double rough = 2.0;          ///< [mm] cubes of the heads that are compared
constexpr double most_apart = 9.0;     ///< [mm] mean; farther heads do not join the own one well
constexpr double most_misfit = 3.5;    ///< [mm] of forehead and temples
constexpr double most_cut = 0.02;      ///< share of the face's front that leaves the volume
constexpr double millimetre = 0.02;    ///< what a millimetre of skin counts beside a distance of descriptors

struct Candidate {
  Placed placed{};
  Comparison skin{};
};

/// The most different first; heads that do not fit the volume or the forehead last.
double worth(const Candidate& one) {
  const double far = std::min(one.skin.apart, most_apart) + std::min(one.skin.ears, 4.0) - 10 * one.skin.near;
  return far - 100 * std::max(0.0, one.skin.cut - most_cut) - 4 * std::max(0.0, one.placed.misfit - most_misfit);
}

std::vector<Candidate> draw(const People& people, const Subject& subject, std::uint64_t seed, int candidates) {
  std::vector<Candidate> all;
  for (int i = 0; i < candidates * drawn_per_candidate; ++i) {
    Candidate one{place(people.draw(seed + static_cast<std::uint64_t>(i)), subject), {}};
    one.skin = compare(one.placed.mesh, subject);
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, std::ranges::greater{}, worth);
  all.resize(static_cast<std::size_t>(candidates));
  return all;
}

Look look_of(const Candidate& one, const Subject& subject, Recogniser& recogniser) {
  const volume::Field target = solid_distance(one.placed.mesh, subject.skin, rough);
  return look_at(blended(subject, target), subject, recogniser);
}

} // namespace

Chosen choose(const People& people, const Subject& subject, std::uint64_t seed, int candidates,
              Recogniser& recogniser) {
  std::vector<Candidate> all = draw(people, subject, seed, candidates);
  Chosen chosen;
  chosen.own = look_at(subject.skin, subject, recogniser);
  std::vector<Look> looks;
  looks.reserve(all.size());
  for (const Candidate& one : all)
    looks.push_back(look_of(one, subject, recogniser));
  std::size_t best = 0;
  double most = -1e9;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double value = distance(looks[i], chosen.own).value_or(0) + millimetre * worth(all[i]);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  chosen.placed = std::move(all[best].placed);
  chosen.skin = all[best].skin;
  chosen.look = looks[best];
  chosen.apart = distance(chosen.look, chosen.own);
  looks.erase(looks.begin() + static_cast<std::ptrdiff_t>(best));
  chosen.strangers = std::move(looks);
  return chosen;
}

} // namespace deid::mriremodel
