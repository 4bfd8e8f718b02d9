#include "elements/measures/identity/distances.hpp"
#include "models/descriptor/limit.hpp"
#include <algorithm>
#include <array>
#include <span>

namespace deid::identity {

namespace {

using Pointers = std::vector<const Descriptor*>;

Pointers thinned(const Pointers& all, std::size_t most) {
  const std::size_t step = std::max<std::size_t>(1, (all.size() + most - 1) / most);
  Pointers few;
  for (std::size_t i = 0; i < all.size(); i += step)
    few.push_back(all[i]);
  return few;
}

void add_pairs(const Pointers& all, std::vector<double>& to) {
  const Pointers few = thinned(all, most_in_pairs);
  for (std::size_t i = 0; i < few.size(); ++i)
    for (std::size_t j = i + 1; j < few.size(); ++j)
      to.push_back(models::distance(*few[i], *few[j]));
}

void add_between(const Pointers& a, const Pointers& b, std::vector<double>& to) {
  for (const Descriptor* one : a)
    for (const Descriptor* other : b)
      to.push_back(models::distance(*one, *other));
}

std::size_t above(const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::ranges::count_if(values, [](double v) { return v > models::same_person_limit; }));
}

/// One half of one person's faces in one clip.
struct Half {
  std::size_t person = 0;
  Pointers originals{}, deidentified{};
};

using Faces = std::vector<const Face*>;

/// The faces of known people: [clip][person].
std::vector<std::vector<Faces>> by_clip(const Samples& samples) {
  std::vector<std::vector<Faces>> faces(samples.clips.size(), std::vector<Faces>(samples.people.size()));
  for (const Sample& sample : samples.all)
    if (sample.person)
      faces[sample.clip][*sample.person].push_back(&sample.face);
  return faces;
}

Half half_of(std::size_t person, std::span<const Face* const> faces) {
  Half half{person, {}, {}};
  for (const Face* face : faces) {
    if (face->original)
      half.originals.push_back(&*face->original);
    if (face->deidentified)
      half.deidentified.push_back(&*face->deidentified);
  }
  half.originals = thinned(half.originals, most_in_half);
  half.deidentified = thinned(half.deidentified, most_in_half);
  return half;
}

/// Returns the halves ordered by clip, then by person. The first half has the first faces/2 faces.
std::vector<Half> halves_of(const Samples& samples) {
  std::vector<Half> halves;
  for (const std::vector<Faces>& people : by_clip(samples))
    for (std::size_t person = 0; person < people.size(); ++person) {
      const std::span<const Face* const> all(people[person]);
      if (all.empty())
        continue;
      halves.push_back(half_of(person, all.first(all.size() / 2)));
      halves.push_back(half_of(person, all.subspan(all.size() / 2)));
    }
  return halves;
}

/// What the figures of distances() are computed from.
struct Gathered {
  explicit Gathered(std::size_t people) : originals(people), deidentified(people) {}
  std::vector<Pointers> originals, deidentified; ///< one a person
  std::vector<double> to_own{}, to_mean{}, to_target{};
};

/// Adds one face of a known person. mean: the mean of the person's originals.
void gather(const Face& face, std::size_t person, const std::optional<Descriptor>& mean, Gathered& all,
            Distances& counts) {
  ++counts.faces;
  if (face.original)
    all.originals[person].push_back(&*face.original);
  if (!face.deidentified)
    return;
  ++counts.described;
  counts.found += face.found ? 1 : 0;
  all.deidentified[person].push_back(&*face.deidentified);
  if (face.original)
    all.to_own.push_back(models::distance(*face.original, *face.deidentified));
  if (mean)
    all.to_mean.push_back(models::distance(*mean, *face.deidentified));
  if (face.d_target)
    all.to_target.push_back(*face.d_target);
}

std::vector<std::pair<double, double>> curve(const std::vector<double>& genuine,
                                             const std::vector<double>& against) {
  std::vector<std::pair<double, double>> all{{0, 0}};
  std::size_t g = 0, a = 0;
  while (g < genuine.size() || a < against.size()) {
    const double next = a == against.size()   ? genuine[g]
                        : g == genuine.size() ? against[a]
                                              : std::min(genuine[g], against[a]);
    while (g < genuine.size() && genuine[g] <= next)
      ++g;
    while (a < against.size() && against[a] <= next)
      ++a;
    all.emplace_back(static_cast<double>(a) / static_cast<double>(against.size()),
                     static_cast<double>(g) / static_cast<double>(genuine.size()));
  }
  constexpr std::size_t most = 200;
  const std::size_t step = std::max<std::size_t>(1, all.size() / most);
  std::vector<std::pair<double, double>> few;
  for (std::size_t i = 0; i < all.size(); i += step)
    few.push_back(all[i]);
  if (few.back() != all.back())
    few.push_back(all.back());
  return few;
}

} // namespace

std::vector<std::optional<Descriptor>> averages(const Samples& samples) {
  std::vector<std::array<double, 128>> sums(samples.people.size());
  std::vector<double> n(samples.people.size());
  for (const Sample& sample : samples.all)
    if (sample.person && sample.face.original) {
      for (std::size_t i = 0; i < 128; ++i)
        sums[*sample.person][i] += (*sample.face.original)[i];
      ++n[*sample.person];
    }
  std::vector<std::optional<Descriptor>> result(samples.people.size());
  for (std::size_t p = 0; p < result.size(); ++p)
    if (n[p] > 0) {
      result[p].emplace();
      for (std::size_t i = 0; i < 128; ++i)
        (*result[p])[i] = static_cast<float>(sums[p][i] / n[p]);
    }
  return result;
}

Distances distances(const Samples& samples, std::optional<std::size_t> person) {
  const auto average = averages(samples);
  Gathered all(samples.people.size());
  Distances result;
  for (const Sample& sample : samples.all)
    if (sample.person && (!person || *person == *sample.person))
      gather(sample.face, *sample.person, average[*sample.person], all, result);
  std::vector<double> among_originals, among_deidentified;
  for (std::size_t p = 0; p < samples.people.size(); ++p) {
    add_pairs(all.originals[p], among_originals);
    add_pairs(all.deidentified[p], among_deidentified);
  }
  result.original_above = above(all.to_own);
  result.average_above = above(all.to_mean);
  result.intra_original = statistics::spread_of(std::move(among_originals));
  result.intra_deidentified = statistics::spread_of(std::move(among_deidentified));
  result.to_original = statistics::spread_of(std::move(all.to_own));
  result.to_average_original = statistics::spread_of(std::move(all.to_mean));
  result.to_average_target = statistics::spread_of(std::move(all.to_target));
  return result;
}

Roc roc_of(std::vector<double> genuine, std::vector<double> against) {
  Roc result;
  if (!genuine.empty() && !against.empty()) {
    std::ranges::sort(genuine);
    std::ranges::sort(against);
    double wins = 0; // multiples of 1/2: exact up to 2^52
    for (const double value : against) {
      const auto [low, high] = std::ranges::equal_range(genuine, value);
      wins += static_cast<double>(low - genuine.begin()) + .5 * static_cast<double>(high - low);
    }
    result.auc = wins / static_cast<double>(genuine.size()) / static_cast<double>(against.size());
    result.points = curve(genuine, against);
  }
  result.genuine = statistics::spread_of(std::move(genuine));
  result.against = statistics::spread_of(std::move(against));
  return result;
}

Roc roc(const Samples& samples) {
  const std::vector<Half> halves = halves_of(samples);
  std::vector<double> genuine, against;
  for (std::size_t i = 0; i < halves.size(); ++i)
    for (std::size_t j = 0; j < halves.size(); ++j) {
      if (i == j || halves[i].person != halves[j].person)
        continue;
      if (j > i)
        add_between(halves[i].originals, halves[j].originals, genuine);
      add_between(halves[i].originals, halves[j].deidentified, against);
    }
  return roc_of(std::move(genuine), std::move(against));
}

} // namespace deid::identity
