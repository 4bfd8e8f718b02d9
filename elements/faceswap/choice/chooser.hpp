#pragma once
#include "elements/faceswap/choice/tone.hpp"
#include "elements/faceswap/perception/describer.hpp"
#include <optional>
#include <vector>

namespace deid::faceswap {

/// What is known of a target when it is chosen.
struct Candidate {
  std::optional<Descriptor> descriptor{}; ///< nothing: distances are not asked for
  std::optional<Tone> tone{};
  /// Of the one person it was trained for; it is nobody else's. Nothing: anybody's.
  std::optional<Descriptor> trained_for{};
};

/// What was seen of a person.
struct Observation {
  std::optional<Descriptor> descriptor{};
  std::optional<Tone> tone{};
  bool sure = true; ///< as good as looks get
};

struct ChoiceRules {
  bool pick = true;    ///< the best one; false: the first one that is far enough
  double least = .6;   ///< no target nearer to the person than this
  double enough = .75; ///< nearer ones only when no target is this far
};

struct Choice {
  std::size_t target = 0;
  double distance = 0;   ///< from the person; 0 when distances are not known
  bool near_own = false; ///< the result is likely to stay nearer to the person than to every stranger
};

/// dlib distance to the person a target was trained for; what is not nearer is somebody else. Medians of
/// three looks at one person in other clips were within .34, those at two men who look alike .47 apart and
/// more.
constexpr double trained_limit = .42;

/// Whether a person may have this target: it was trained for nobody, or for this person.
bool suits(const Candidate& candidate, const Observation& person);

/// The nearest of the targets that were trained for somebody else; its distance is that to this somebody.
std::optional<Choice> trained_for_another(const std::vector<Candidate>& candidates,
                                          const Observation& person);

/// What a target is worth to a person: choice.distance, less what skins that look different cost, less
/// something when near_own.
double worth(const Candidate& candidate, const Observation& person, const Choice& choice);

/// The targets a person may have among those that are free, the best first, and before all the one that was
/// trained for this person. Targets without distance count as
/// far enough. Those at least `enough` away (or else all), the one that is worth most first; without `pick`
/// in their order.
std::vector<Choice> ranked(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                           const Observation& person, const std::vector<Descriptor>& strangers,
                           const ChoiceRules& rules);

/// The first of ranked(), or nothing when each is too near.
std::optional<Choice> choose(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                             const Observation& person, const std::vector<Descriptor>& strangers,
                             const ChoiceRules& rules);

/// Nearest of the free targets that suit a person, however near: the figure that a refusal names.
std::optional<Choice> nearest(const std::vector<Candidate>& candidates, const std::vector<bool>& free,
                              const Observation& person);

/// Component-wise median. Requires one or more.
Descriptor median(std::span<const Descriptor> looks);

/// (1 - share) * old + share * now.
Descriptor blend(const Descriptor& old, const Descriptor& now, double share);

/// Where a recogniser puts the person's own original when it is shown the result.
struct Rank {
  int place = 0;     ///< 1: nearest of all
  int strangers = 0; ///< whom it was held against
};

/// Strangers nearer than `same` to the target are left out: who looks like the target is bound to be found.
Rank rank_of(const Descriptor& result, const Descriptor& original, const std::optional<Descriptor>& target,
             const std::vector<Descriptor>& strangers, double same = .6);

} // namespace deid::faceswap
