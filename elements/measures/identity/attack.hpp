#pragma once
#include "elements/measures/identity/faces.hpp"
#include "elements/measures/statistics/spread.hpp"

/// Attacks: how often a recogniser still names the person. The gallery is closed: it holds all people who are
/// shown.
namespace deid::identity {

enum class Attack : std::uint8_t {
  naive,  ///< knows the mean of each person's originals in all clips: an attacker with photographs
  parrot, ///< knows the mean of each person's de-identified faces, of the same method, in all other clips
  linking ///< knows the first half of each clip, de-identified, and is shown the second half: links frames of
          ///< one video. The same person in another clip is a hit, too
};
const char* to_string(Attack attack);

/// One face that is shown, and the person that the attacker names.
struct Guess {
  std::size_t sample = 0;    ///< index into samples.all
  std::size_t taken_for = 0; ///< index into samples.people
  bool hit = false;
};

struct AttackResult {
  std::size_t gallery =
      0; ///< entries: people, or with linking people and clips; the most, if it differs by clip
  std::size_t people = 0;        ///< people who were shown at least once
  std::size_t faces = 0;         ///< faces whose owner is in the gallery
  std::size_t described = 0;     ///< of these, faces with a descriptor; the attacker cannot use other faces
  std::size_t hits = 0;          ///< faces that are named correctly at first rank
  double chance = 0;             ///< mean share of the gallery that the owner has, over the described faces
  statistics::Interval frames{}; ///< Wilson interval; takes faces as independent
  statistics::Interval across{}; ///< bootstrap over people
  double median_rank = 0;        ///< rank of the owner's nearest entry among those of others, from 1
  double false_accept = 0;       ///< requested false accept rate, 1e-3
  std::size_t impostors =
      0; ///< pairs of a shown face and another person; with too few the threshold is unknown
  bool threshold_known = false;
  double threshold = 0;     ///< greatest distance with a false accept rate of at most false_accept
  std::size_t accepted = 0; ///< true accepts: faces accepted as their owner at the threshold
  statistics::Interval accepted_across{}; ///< of accepted / described, bootstrap over people
  std::vector<Guess> guesses{};
};

constexpr double false_accept_rate = 1e-3;

AttackResult attack(const Samples& samples, Attack kind);

} // namespace deid::identity
