#pragma once
#include "elements/audit/outcome.hpp"
#include "elements/faceswap/choice/tone.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include "elements/faceswap/perception/describer.hpp"
#include "models/descriptor/limit.hpp"
#include "models/faceres/limit.hpp"
#include <optional>
#include <vector>

namespace deid::faceswap {

/// A target as the choice knows it.
struct Candidate {
  std::optional<Descriptor> descriptor{}; ///< nothing: its distances are not needed
  std::optional<Tone> tone{};
  /// Descriptor of the person that the target was trained for; other people may not have it. Nothing: each
  /// person may have it.
  std::optional<Descriptor> trained_for{};
  std::optional<FaceFeatures> second{}; ///< of the second judge; nothing: there is none
  std::optional<Looks> looks{};         ///< nothing: not known, or of no importance
};

/// One description of a person.
struct Observation {
  std::optional<Descriptor> descriptor{};
  std::optional<Tone> tone{};
  bool sure = true;                     ///< frontal, large, sharp and with a high score of the mesh
  std::optional<FaceFeatures> second{}; ///< of the second judge; nothing: there is none
  std::optional<Looks> looks{};         ///< nothing: not known, or of no importance
};

/// People whom results are compared with, as each judge describes them.
struct Strangers {
  std::vector<Descriptor> first{};
  std::vector<FaceFeatures> second{};
};

struct ChoiceRules {
  bool pick = true;                         ///< take the best target; false: the first one that is far enough
  double least = models::same_person_limit; ///< dlib distance; no target nearer to the person is taken
  /// dlib distance; nearer targets are taken only when no target is far enough, see far_enough(). With a
  /// higher value more people get the few farthest targets, whatever their skin.
  double enough = .75;
};

struct Choice {
  std::size_t target = 0;
  double distance = 0; ///< dlib, from the person; 0 when distances are not known
  /// For one of the judges, the result is likely to stay nearer to the person than to every stranger.
  bool near_own = false;
  std::optional<double> second{}; ///< distance for the second judge, in dlib's unit; nothing: not known
};

using tuning::assignment::trained_limit;

/// Returns whether a person may have this target: it was trained for no person or for this one.
bool suits(const Candidate& candidate, const Observation& person);

/// Returns the nearest of the targets that were trained for another person; Choice::distance is the distance
/// to that other person.
std::optional<Choice> trained_for_another(const std::vector<Candidate>& candidates,
                                          const Observation& person);

/// Returns a distance of the second judge in dlib's unit: the limits of the two coincide, and so do the steps
/// from one person to two.
double in_dlib(double second);

using audit::Unlike;

/// Returns whether the sex of a face is certain.
bool certain(const Looks& looks);

/// Returns whether the sex or the age of a target is not the person's: the other sex, when both are certain;
/// more than 15 years. What is not known does not differ. The tone is left out.
Unlike unlike(const Candidate& candidate, const Observation& person);

/// Returns whether another target has a skin tone that is much nearer to the person's. The lamp changes all
/// tones of a picture, so the difference alone says nothing.
bool another_tone(const std::vector<Candidate>& candidates, std::size_t target, const Observation& person);

/// Returns whether sex and age of a target and a person are known, and do not differ.
bool alike(const Candidate& candidate, const Observation& person);

/// Returns whether a target is at least `enough` away from a person, or a little less and looks alike. Then
/// one observation decides.
bool far_enough(const Choice& choice, const Candidate& candidate, const Observation& person,
                const ChoiceRules& rules);

/// Returns the worth of a target for a person: the smaller distance of the two judges, minus prices for
/// another sex, age and skin tone, minus a price for near_own.
double worth(const Candidate& candidate, const Observation& person, const Choice& choice);

/// Returns the free targets that a person may have. The target that was trained for this person comes first.
/// Then come the targets that are far enough (all, when none is), by falling worth. Without `pick`, all come
/// in their order. A target without a distance counts as far enough.
std::vector<Choice> ranked(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                           const Observation& person, const Strangers& strangers, const ChoiceRules& rules);

/// Returns the first of ranked(), or nothing when each target is too near.
std::optional<Choice> choose(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                             const Observation& person, const Strangers& strangers, const ChoiceRules& rules);

/// Returns the nearest of the free targets that suit a person, however near: a refusal names its distance.
std::optional<Choice> nearest(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                              const Observation& person);

/// Returns the median of each component. Requires one observation or more.
Descriptor median(std::span<const Descriptor> observed);

/// Returns (1 - share) * old + share * now.
Descriptor blend(const Descriptor& old, const Descriptor& now, double share);

/// The place of the person's own original when a recogniser sorts people by their distance to the result.
using audit::Rank;

/// Returns the rank of the original. Strangers nearer than `same` (dlib) to the target do not count: a
/// stranger who looks like the target is bound to be near the result.
Rank rank_of(const Descriptor& result, const Descriptor& original, const std::optional<Descriptor>& target,
             const std::vector<Descriptor>& strangers, double same = models::same_person_limit);

/// The same for the second judge.
Rank rank_of(const FaceFeatures& result, const FaceFeatures& original,
             const std::optional<FaceFeatures>& target, const std::vector<FaceFeatures>& strangers,
             double same = models::faceres_limit);

} // namespace deid::faceswap
