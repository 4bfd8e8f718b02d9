#include "elements/faceswap/choice/target_assignment.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

using models::distance;

} // namespace

std::vector<bool> free_targets(std::size_t count, std::span<const Holder> holders,
                               const std::set<std::size_t>& refused) {
  std::vector<bool> free(count, true);
  for (const std::size_t target : refused)
    free.at(target) = false;
  for (const Holder& holder : holders)
    if (count != 1 || !holder.left)
      free.at(holder.target) = false;
  return free;
}

bool TargetAssignment::all_trained() const {
  return std::all_of(candidates_.begin(), candidates_.end(),
                     [](const Candidate& candidate) { return candidate.trained_for.has_value(); });
}

bool TargetAssignment::conclusive(const Observation& person) const {
  return std::all_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
    if (!candidate.trained_for || !person.descriptor)
      return true;
    const double away = distance(*candidate.trained_for, *person.descriptor);
    return away < tuning::assignment::surely_trained || away > tuning::assignment::surely_another;
  });
}

bool TargetAssignment::may_keep(const std::optional<std::size_t>& target, const Descriptor& person) const {
  return !target || !trained(*target) ||
         distance(person, *candidates_[*target].trained_for) <= tuning::assignment::trained_drift;
}

bool TargetAssignment::at_once(const std::optional<Choice>& choice, const Observation& person,
                               const ChoiceRules& rules) const {
  return choice && conclusive(person) &&
         (!rules.pick || trained(choice->target) ||
          far_enough(*choice, candidates_.at(choice->target), person, rules));
}

Refusal TargetAssignment::refusal(const Observation& person, const std::vector<bool>& free) const {
  if (const auto refused = nearest(candidates_, free, person))
    return {Reason::target_too_close, *refused};
  if (const auto another = trained_for_another(person); another && all_trained())
    return {Reason::not_trained, *another};
  return {};
}

std::optional<Choice> TargetAssignment::second_chance(const Reapplicant& person, std::vector<bool> free,
                                                      ChoiceRules rules) const {
  for (std::size_t i = 0; i < free.size(); ++i)
    if (const auto& whose = candidates_[i].trained_for; whose && !person.recent.empty())
      free[i] = free[i] &&
                distance(*whose, *person.original.descriptor) <
                    tuning::assignment::trained_limit - tuning::assignment::trained_way_back &&
                distance(*whose, median(person.recent)) < tuning::assignment::trained_limit;
  rules.least += person.why == Reason::target_too_close ? tuning::assignment::way_back : 0;
  return best(person.original, free, rules);
}

double TargetAssignment::worth_of(std::size_t target, const Observation& person,
                                  const Verdict& verdict) const {
  const Candidate& candidate = candidates_.at(target);
  const auto first_of_all = [](const Rank& rank) { return rank.strangers > 0 && rank.place == 1; };
  Choice seen{.target = target, .distance = verdict.distance, .near_own = first_of_all(verdict.rank)};
  if (candidate.descriptor && person.descriptor)
    seen.distance +=
        tuning::assignment::weight_of_target * distance(*candidate.descriptor, *person.descriptor);
  if (verdict.second) {
    seen.near_own = seen.near_own || first_of_all(verdict.second->rank);
    seen.second = in_dlib(verdict.second->distance);
    if (candidate.second && person.second)
      *seen.second +=
          tuning::assignment::weight_of_target * in_dlib(distance(*candidate.second, *person.second));
  }
  return worth(candidate, person, seen);
}

Unlike TargetAssignment::unlike(std::size_t target, const Observation& person) const {
  Unlike differs = faceswap::unlike(candidates_.at(target), person);
  differs.tone = another_tone(candidates_, target, person);
  return differs;
}

Opinion TargetAssignment::second_opinion(const FaceFeatures& result, const FaceFeatures& running,
                                         const std::optional<FaceFeatures>& latest,
                                         const std::optional<std::size_t>& target) const {
  Opinion opinion{distance(result, running), {}};
  if (latest)
    opinion.distance = std::min(opinion.distance, distance(result, *latest));
  const std::optional<FaceFeatures> own = target ? candidates_.at(*target).second : std::nullopt;
  opinion.rank = rank_of(result, running, own, strangers_.second);
  return opinion;
}

Verdict TargetAssignment::verdict(const Descriptor& result, const Descriptor& running,
                                  const std::optional<Descriptor>& latest,
                                  const std::optional<std::size_t>& target) const {
  Verdict verdict{.distance = distance(result, running)};
  if (latest)
    verdict.distance = std::min(verdict.distance, distance(result, *latest));
  std::optional<Descriptor> own;
  if (target)
    own = candidates_.at(*target).descriptor;
  verdict.rank = rank_of(result, running, own, strangers_.first);
  return verdict;
}

} // namespace deid::faceswap
