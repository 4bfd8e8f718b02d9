#pragma once
#include "elements/faceswap/choice/assignment.hpp"
#include "elements/faceswap/choice/verify.hpp"
#include <set>

namespace deid::faceswap {

/// The holder of a target.
struct Holder {
  std::size_t target = 0;
  bool left = false; ///< The holder has not been in the stream for some time.
};

/// Returns one answer for each of `count` targets: whether a person may get it. A target belongs to one
/// holder alone; only when there is a single target does the target go on to the next person after the holder
/// left. refused: targets whose results looked like the person.
std::vector<bool> free_targets(std::size_t count, std::span<const Holder> holders,
                               const std::set<std::size_t>& refused);

/// The rules' decision on a person without a target.
struct Refusal {
  Reason why = Reason::no_target;
  Choice choice{}; ///< the nearest target that was refused; default without one
};

/// A person who was refused before, and is judged again.
struct Reapplicant {
  Observation original{};               ///< running
  std::span<const Descriptor> recent{}; ///< the last observations
  Reason why = Reason::no_target;       ///< of the refusal
};

/// Decides which target a person gets. Every answer follows from the targets and the arguments: nothing is
/// remembered between calls. Thread: any.
class TargetAssignment {
public:
  TargetAssignment(std::vector<Candidate> candidates, Strangers strangers)
      : candidates_(std::move(candidates)), strangers_(std::move(strangers)) {}

  [[nodiscard]] std::size_t count() const { return candidates_.size(); }
  /// Returns whether this target was trained for one person.
  [[nodiscard]] bool trained(std::size_t target) const {
    return candidates_.at(target).trained_for.has_value();
  }
  /// Returns whether every target was trained for one person.
  [[nodiscard]] bool all_trained() const;
  /// Returns the nearest target that was trained for another person than this one, if there is one.
  [[nodiscard]] std::optional<Choice> trained_for_another(const Observation& person) const {
    return faceswap::trained_for_another(candidates_, person);
  }
  /// Returns whether this single observation decides, for every trained target, whether it was trained for
  /// this person.
  [[nodiscard]] bool conclusive(const Observation& person) const;
  /// Returns whether a person with this descriptor may keep this target. Nothing: true.
  [[nodiscard]] bool may_keep(const std::optional<std::size_t>& target, const Descriptor& person) const;

  /// Returns the best of the free targets, or nothing when each is too near.
  [[nodiscard]] std::optional<Choice> best(const Observation& person, const std::vector<bool>& free,
                                           const ChoiceRules& rules) const {
    return choose(candidates_, free, person, strangers_, rules);
  }
  /// Returns the free targets that a person may have, the best first.
  [[nodiscard]] std::vector<Choice> ranked(const Observation& person, const std::vector<bool>& free,
                                           const ChoiceRules& rules) const {
    return faceswap::ranked(candidates_, free, person, strangers_, rules);
  }
  /// Returns whether `choice` needs no further observation of this person.
  [[nodiscard]] bool at_once(const std::optional<Choice>& choice, const Observation& person,
                             const ChoiceRules& rules) const;
  /// Returns why a person gets none of the free targets.
  [[nodiscard]] Refusal refusal(const Observation& person, const std::vector<bool>& free) const;
  /// Returns the best free target for a person who was refused before. The limits are a little stricter than
  /// for a new person, so that observations near a limit do not give and take a target in turn.
  [[nodiscard]] std::optional<Choice> second_chance(const Reapplicant& person, std::vector<bool> free,
                                                    ChoiceRules rules) const;

  /// Returns the worth of a target for a person by one of its results. verdict: of this result.
  [[nodiscard]] double worth_of(std::size_t target, const Observation& person, const Verdict& verdict) const;
  /// Returns in what a target does not look like a person.
  [[nodiscard]] Unlike unlike(std::size_t target, const Observation& person) const;
  /// Returns the distance and the rank of a result. running, latest: the person's original. target: whose
  /// likenesses do not count among the strangers.
  [[nodiscard]] Verdict verdict(const Descriptor& result, const Descriptor& running,
                                const std::optional<Descriptor>& latest,
                                const std::optional<std::size_t>& target) const;
  /// The same for the second judge.
  [[nodiscard]] Opinion second_opinion(const FaceFeatures& result, const FaceFeatures& running,
                                       const std::optional<FaceFeatures>& latest,
                                       const std::optional<std::size_t>& target) const;

private:
  std::vector<Candidate> candidates_;
  Strangers strangers_;
};

} // namespace deid::faceswap
