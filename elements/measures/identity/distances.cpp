#include "elements/measures/identity/distances.hpp"
#include "models/descriptor/limit.hpp"
#include <algorithm>
#include <array>

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

/// Returns the halves ordered by clip, then by person. The first half has the first faces/2 faces.
std::vector<Half> halves_of(const Samples& samples) {
  std::vector<std::vector<std::vector<const Face*>>> faces(
      samples.clips.size(), std::vector<std::vector<const Face*>>(samples.people.size()));
  for (const Sample& sample : samples.all)
    if (sample.person)
      faces[sample.clip][*sample.person].push_back(&sample.face);
  std::vector<Half> halves;
  for (const auto& of_clip : faces)
    for (std::size_t person = 0; person < of_clip.size(); ++person) {
      const auto& all = of_clip[person];
      for (std::size_t part = 0; part < 2 && !all.empty(); ++part) {
        Half half{person, {}, {}};
        const std::size_t middle = all.size() / 2;
        for (std::size_t i = part == 0 ? 0 : middle; i < (part == 0 ? middle : all.size()); ++i) {
          if (all[i]->original)
            half.originals.push_back(&*all[i]->original);
          if (all[i]->deidentified)
            half.deidentified.push_back(&*all[i]->deidentified);
        }
        half.originals = thinned(half.originals, most_in_half);
        half.deidentified = thinned(half.deidentified, most_in_half);
        halves.push_back(std::move(half));
      }
    }
  return halves;
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
  std::vector<Pointers> originals(samples.people.size()), deidentified(samples.people.size());
  std::vector<double> own, mean, target;
  Distances result;
  for (const Sample& sample : samples.all) {
    if (!sample.person || (person && *person != *sample.person))
      continue;
    const Face& face = sample.face;
    ++result.faces;
    if (face.original)
      originals[*sample.person].push_back(&*face.original);
    if (!face.deidentified)
      continue;
    ++result.described;
    result.found += face.found ? 1 : 0;
    deidentified[*sample.person].push_back(&*face.deidentified);
    if (face.original)
      own.push_back(models::distance(*face.original, *face.deidentified));
    if (average[*sample.person])
      mean.push_back(models::distance(*average[*sample.person], *face.deidentified));
    if (face.d_target)
      target.push_back(*face.d_target);
  }
  std::vector<double> among_originals, among_deidentified;
  for (std::size_t p = 0; p < samples.people.size(); ++p) {
    add_pairs(originals[p], among_originals);
    add_pairs(deidentified[p], among_deidentified);
  }
  result.original_above = above(own);
  result.average_above = above(mean);
  result.intra_original = statistics::spread_of(std::move(among_originals));
  result.intra_deidentified = statistics::spread_of(std::move(among_deidentified));
  result.to_original = statistics::spread_of(std::move(own));
  result.to_average_original = statistics::spread_of(std::move(mean));
  result.to_average_target = statistics::spread_of(std::move(target));
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
