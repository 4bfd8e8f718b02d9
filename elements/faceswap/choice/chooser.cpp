#include "elements/faceswap/choice/chooser.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

using models::distance;

bool nearest_of_all(const Rank& rank) {
  return rank.strangers > 0 && rank.place == 1;
}

/// Returns the probability of a man as a viewer would say it: what is not near .5 is certain.
double man_seen(const Looks& looks) {
  return std::clamp(.5 + tuning::choice::sharper * (looks.man - .5), 0., 1.);
}

/// Returns the choice with the opinion of the second judge, where it knows both faces.
Choice with_second(Choice choice, const Candidate& candidate, const Observation& person,
                   const Strangers& strangers) {
  if (!candidate.second || !person.second)
    return choice;
  choice.second = in_dlib(distance(*candidate.second, *person.second));
  const FaceFeatures expected =
      models::blend(*person.second, *candidate.second, tuning::choice::way_to_target);
  const Rank rank = rank_of(expected, *person.second, candidate.second, strangers.second);
  choice.near_own = choice.near_own || nearest_of_all(rank);
  return choice;
}

Choice judged(const std::vector<Candidate>& candidates, std::size_t i, const Observation& person,
              const Strangers& strangers) {
  Choice choice{.target = i};
  const auto& target = candidates[i].descriptor;
  if (!target || !person.descriptor)
    return choice;
  choice.distance = distance(*target, *person.descriptor);
  choice.near_own = nearest_of_all(rank_of(blend(*person.descriptor, *target, tuning::choice::way_to_target),
                                           *person.descriptor, target, strangers.first));
  return with_second(choice, candidates[i], person, strangers);
}

/// rank_of() for the faces of one judge.
template <class Face>
Rank rank_among(const Face& result, const Face& original, const std::optional<Face>& target,
                const std::vector<Face>& strangers, double same) {
  const double own = distance(result, original);
  Rank rank{1, 0};
  for (const Face& stranger : strangers) {
    if (target && distance(stranger, *target) < same)
      continue;
    ++rank.strangers;
    if (distance(result, stranger) < own)
      ++rank.place;
  }
  return rank;
}

} // namespace

bool suits(const Candidate& candidate, const Observation& person) {
  return !candidate.trained_for ||
         (person.descriptor && distance(*candidate.trained_for, *person.descriptor) < trained_limit);
}

std::optional<Choice> trained_for_another(const std::vector<Candidate>& candidates,
                                          const Observation& person) {
  std::optional<Choice> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (suits(candidates[i], person) || !person.descriptor)
      continue;
    const double away = distance(*candidates[i].trained_for, *person.descriptor);
    if (!best || away < best->distance)
      best = Choice{.target = i, .distance = away};
  }
  return best;
}

double in_dlib(double second) {
  return models::same_person_limit + tuning::choice::dlib_per_second * (second - models::faceres_limit);
}

bool certain(const Looks& looks) {
  return std::abs(looks.man - .5) > tuning::choice::unsure_sex;
}

Unlike unlike(const Candidate& candidate, const Observation& person) {
  Unlike differs;
  if (!candidate.looks || !person.looks)
    return differs;
  const bool man = candidate.looks->man > .5;
  differs.sex = certain(*candidate.looks) && certain(*person.looks) && man != (person.looks->man > .5);
  differs.age = std::abs(candidate.looks->age - person.looks->age) > tuning::choice::same_age;
  return differs;
}

bool another_tone(const std::vector<Candidate>& candidates, std::size_t target, const Observation& person) {
  if (!person.tone || !candidates.at(target).tone)
    return false;
  const double own = tone_difference(*candidates[target].tone, *person.tone);
  return std::ranges::any_of(candidates, [&](const Candidate& other) {
    return other.tone && tone_difference(*other.tone, *person.tone) < own - tuning::choice::same_tone;
  });
}

bool alike(const Candidate& candidate, const Observation& person) {
  return candidate.looks && person.looks && !unlike(candidate, person).any();
}

bool far_enough(const Choice& choice, const Candidate& candidate, const Observation& person,
                const ChoiceRules& rules) {
  const double nearer = alike(candidate, person) ? tuning::choice::alike_is_nearer : 0;
  return choice.distance >= std::max(rules.least, rules.enough - nearer);
}

double worth(const Candidate& candidate, const Observation& person, const Choice& choice) {
  double value = std::min(choice.distance, choice.second.value_or(choice.distance));
  if (candidate.tone && person.tone)
    value -= tuning::choice::per_tone * tone_difference(*candidate.tone, *person.tone);
  if (candidate.looks && person.looks) {
    value -= tuning::choice::per_sex * std::abs(man_seen(*candidate.looks) - man_seen(*person.looks));
    const double years = std::abs(candidate.looks->age - person.looks->age) - tuning::choice::same_age;
    value -= tuning::choice::per_year * std::max(0., years);
  }
  return choice.near_own ? value - tuning::choice::for_rank : value;
}

std::vector<Choice> ranked(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                           const Observation& person, const Strangers& strangers, const ChoiceRules& rules) {
  std::vector<Choice> possible;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!free.at(i) || !suits(candidates[i], person))
      continue;
    const Choice choice = judged(candidates, i, person, strangers);
    const bool known = candidates[i].descriptor && person.descriptor;
    if (!known || choice.distance >= rules.least) // false for NaN
      possible.push_back(choice);
  }
  const auto trained = [&](const Choice& c) { return candidates[c.target].trained_for.has_value(); };
  const auto others = std::stable_partition(possible.begin(), possible.end(), trained);
  if (!rules.pick)
    return possible;
  const auto enough = [&](const Choice& c) { return far_enough(c, candidates[c.target], person, rules); };
  if (std::any_of(others, possible.end(), enough))
    possible.erase(std::remove_if(others, possible.end(), [&](const Choice& c) { return !enough(c); }),
                   possible.end());
  std::stable_sort(others, possible.end(), [&](const Choice& a, const Choice& b) {
    return worth(candidates[a.target], person, a) > worth(candidates[b.target], person, b);
  });
  return possible;
}

std::optional<Choice> choose(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                             const Observation& person, const Strangers& strangers,
                             const ChoiceRules& rules) {
  const auto all = ranked(candidates, free, person, strangers, rules);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

std::optional<Choice> nearest(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                              const Observation& person) {
  std::optional<Choice> best;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (free.at(i) && suits(candidates[i], person) && candidates[i].descriptor && person.descriptor) {
      const Choice choice = judged(candidates, i, person, {});
      if (!best || choice.distance < best->distance)
        best = choice;
    }
  return best;
}

Descriptor median(std::span<const Descriptor> observed) {
  Descriptor result{};
  std::vector<float> values(observed.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    for (std::size_t k = 0; k < observed.size(); ++k)
      values[k] = observed[k].at(i);
    std::sort(values.begin(), values.end());
    result.at(i) = (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
  }
  return result;
}

Descriptor blend(const Descriptor& old, const Descriptor& now, double share) {
  Descriptor result{};
  for (std::size_t i = 0; i < result.size(); ++i)
    result.at(i) = static_cast<float>((1 - share) * static_cast<double>(old.at(i)) +
                                      share * static_cast<double>(now.at(i)));
  return result;
}

Rank rank_of(const Descriptor& result, const Descriptor& original, const std::optional<Descriptor>& target,
             const std::vector<Descriptor>& strangers, double same) {
  return rank_among(result, original, target, strangers, same);
}

Rank rank_of(const FaceFeatures& result, const FaceFeatures& original,
             const std::optional<FaceFeatures>& target, const std::vector<FaceFeatures>& strangers,
             double same) {
  return rank_among(result, original, target, strangers, same);
}

} // namespace deid::faceswap
