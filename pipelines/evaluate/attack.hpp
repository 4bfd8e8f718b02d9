#pragma once
#include "pipelines/evaluate/faces.hpp"
#include "pipelines/evaluate/spread.hpp"

/// How often a recogniser still says who it is. The gallery is closed: everybody who is shown is in it.
namespace deid::evaluate {

enum class Attack : std::uint8_t {
  naive,  ///< knows the mean of everybody's originals, of all clips: who has photographs of these people
  parrot, ///< knows the mean of everybody's de-identified faces of the same method in other clips than the
          ///< one shown
  linking ///< knows the first half of every clip, de-identified, and is shown the second: links frames of one
          ///< video. Taken for the same person in another clip is right, too
};
const char* to_string(Attack attack);

/// One face that is shown, and whom the attacker takes it for.
struct Guess {
  std::size_t sample = 0;    ///< index into samples.all
  std::size_t taken_for = 0; ///< index into samples.people
  bool hit = false;
};

struct AttackResult {
  std::size_t gallery =
      0; ///< entries: people, or with linking people and clips; the most, if it differs by clip
  std::size_t people = 0;    ///< who were shown at least once
  std::size_t faces = 0;     ///< faces that could be shown: their owner is in the gallery
  std::size_t described = 0; ///< of these, those with a descriptor; the others tell the attacker nothing
  std::size_t hits = 0;      ///< named at first rank
  double chance =
      0; ///< mean over the described of the owner's share of the gallery: 1 entry, or of each of their clips
  Interval frames{};       ///< Wilson, every face a draw of its own
  Interval across{};       ///< people drawn anew
  double median_rank = 0;  ///< of the owner's nearest entry among those of others, from 1
  double false_accept = 0; ///< asked for, 1e-3
  std::size_t impostors =
      0; ///< pairs of a shown face and somebody else; too few for that rate: threshold unknown
  bool threshold_known = false;
  double threshold = 0;       ///< greatest distance at which no more than that share of impostors is accepted
  std::size_t accepted = 0;   ///< shown faces accepted as their owner at it: true accepts
  Interval accepted_across{}; ///< of accepted / described, people drawn anew
  std::vector<Guess> guesses{};
};

constexpr double false_accept_rate = 1e-3;

AttackResult attack(const Samples& samples, Attack kind);

} // namespace deid::evaluate
