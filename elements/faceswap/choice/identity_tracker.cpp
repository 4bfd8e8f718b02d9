#include "elements/faceswap/choice/identity_tracker.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

using models::distance;

constexpr std::size_t looks_wanted = 3; ///< for a choice that is not clear at first sight
constexpr std::size_t most_looks = 5;
constexpr int patience = 5; ///< frames without a sure look, before any look will do
/// How much of the target's own distance to the person counts beside that of one result: a first result says
/// little of those to come. For 16 faces and six targets the clips' mean became .782, without it .778,
/// and 1.5 % of the frames were found first, without it 3.0 %.
constexpr double kept_in_mind = .5;
constexpr int long_patience = 50;   ///< the same when it must be known who it is: a bad look would last
constexpr std::uint64_t retry = 25; ///< frames between two tries to find a target that has become free
constexpr double same_person = .5;  ///< between two looks at one person; dlib's own limit is .6
constexpr double at_first_sight = .45;
constexpr double other_person = .6;
constexpr int most_puzzled = 6;
constexpr int most_odd = 10; ///< looks in a row that are not sure, before they tell of somebody else
/// From the person a target was trained for: nearer at first sight it is this person, farther it is not,
/// between it takes more looks. When later ones are farther than the last, it is somebody else.
constexpr double surely_trained = .35, surely_another = .6, trained_drift = .47;
/// A refusal is taken back when further looks say so by this much more, of the running original: a mean is
/// as sure as that only when most looks are.
constexpr double way_back = .01, trained_way_back = .02;
constexpr std::uint64_t lost_after =
    3;                            ///< frames without features; a mesh that is missing once costs nothing
constexpr double look_share = .2; ///< of a new look in the running original
constexpr std::uint64_t left_after = 50, forgotten_after = 1000; ///< frames

} // namespace

IdentityTracker::IdentityTracker(std::vector<Candidate> candidates, std::vector<Descriptor> strangers)
    : candidates_(std::move(candidates)), strangers_(std::move(strangers)) {}

/// Who was lost and is there again may be somebody else.
void IdentityTracker::notice(Track& track, bool blind, const TrackingOptions& options) {
  const bool lost =
      static_cast<std::uint64_t>(track.blind) >= lost_after || number_ - track.last > lost_after;
  track.blind = blind ? track.blind + 1 : 0;
  if (blind || !lost || !options.describe || !track.subject)
    return;
  Subject& who = subjects_.at(*track.subject);
  track.suspected = who.original.descriptor.has_value();
  who.verifier.invalidate();
}

void IdentityTracker::frame(std::span<const std::uint32_t> ids, const TrackingOptions& options,
                            std::span<const std::uint32_t> blind) {
  ++number_;
  for (const std::uint32_t id : ids) {
    const auto track = tracks_.find(id);
    if (track == tracks_.end())
      continue;
    notice(track->second, std::ranges::find(blind, id) != blind.end(), options);
    if (Subject* known_one = subject(id)) {
      if (number_ - known_one->last > left_after)
        known_one->verifier.invalidate();
      known_one->last = number_;
      if (!known_one->target && known_one->why == Reason::no_target && number_ % retry == 0)
        try_again(*known_one, options); // somebody may have left, or lost a target
    }
    track->second.last = number_;
  }
  std::erase_if(tracks_, [&](const auto& entry) { // a stream may be long
    const bool holds =
        !options.describe && entry.second.subject && subjects_.at(*entry.second.subject).target.has_value();
    return !holds && number_ - entry.second.last > left_after;
  });
  std::erase_if(subjects_, [&](const auto& entry) {
    const bool named = std::any_of(tracks_.begin(), tracks_.end(),
                                   [&](const auto& track) { return track.second.subject == entry.first; });
    return !named && !entry.second.target && number_ - entry.second.last > forgotten_after;
  });
}

Subject* IdentityTracker::subject(std::uint32_t id) {
  const auto track = tracks_.find(id);
  if (track == tracks_.end() || !track->second.subject)
    return nullptr;
  return &subjects_.at(*track->second.subject);
}

Assignment IdentityTracker::assignment(std::uint32_t id) {
  const Subject* who = subject(id);
  if (who == nullptr || tracks_.at(id).suspected)
    return {{}, Reason::choosing};
  if (!who->target)
    return {{}, who->why};
  if (who->verifier.suspended())
    return {{}, Reason::result_too_close};
  return {who->target, Reason::none};
}

bool IdentityTracker::wants(std::uint32_t id, const std::function<bool()>& sure,
                            const TrackingOptions& options) {
  Track& track = tracks_[id];
  track.last = number_;
  if (track.suspected)
    return true;
  if (const Subject* who = subject(id))
    return wants_again(*who, sure, options);
  if (!options.rules.pick && !options.careful)
    return true;
  return sure() || ++track.waited > (options.careful ? long_patience : patience);
}

bool IdentityTracker::wants_again(const Subject& who, const std::function<bool()>& sure,
                                  const TrackingOptions& options) const {
  if (!options.describe || (options.every == 0 && who.target))
    return false;
  if (!who.original.descriptor || who.strange > 0)
    return true;
  if (number_ < who.next_look || who.verifier.suspended())
    return false;
  return number_ >= who.next_look + pause(options) || sure();
}

IdentityTracker::Event IdentityTracker::look(std::uint32_t id, const Observation& look,
                                             const TrackingOptions& options) {
  Track& track = tracks_[id];
  track.last = number_;
  if (Subject* who = subject(id))
    return follow(track, *who, look, options);
  track.tone = look.tone ? look.tone : track.tone;
  if (!look.descriptor) {
    const Observation person{{}, track.tone};
    return meet(track, person, choose(candidates_, free_for({}), person, strangers_, options.rules), options);
  }
  track.looks.push_back(*look.descriptor);
  if (track.looks.size() > most_looks)
    track.looks.erase(track.looks.begin());
  return decide(track, options);
}

/// Whether who looks like this may go on with the target of this subject.
bool IdentityTracker::may_wear(const Subject& subject, const Observation& person) const {
  return !subject.target || !trained(*subject.target) ||
         distance(*person.descriptor, *candidates_[*subject.target].trained_for) <= trained_drift;
}

/// Frames between two looks at one person.
std::uint64_t IdentityTracker::pause(const TrackingOptions& options) {
  return options.every > 0 ? static_cast<std::uint64_t>(options.every) : retry;
}

/// Whether a further look at somebody shows another person.
bool IdentityTracker::somebody_else(const Subject& subject, const Descriptor& look) const {
  return !may_wear(subject, {median(subject.recent), {}}) ||
         !(distance(look, *subject.original.descriptor) <= other_person);
}

/// Whether one look says of every target that was trained whether it was trained for this person.
bool IdentityTracker::clear(const Observation& person) const {
  return std::all_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
    if (!candidate.trained_for || !person.descriptor)
      return true;
    const double away = distance(*candidate.trained_for, *person.descriptor);
    return away < surely_trained || away > surely_another;
  });
}

/// A further look at somebody known.
IdentityTracker::Event IdentityTracker::follow(Track& track, Subject& subject, const Observation& look,
                                               const TrackingOptions& options) {
  if (!look.descriptor)
    return Event::none;
  subject.latest = look.descriptor;
  subject.recent.push_back(*look.descriptor);
  if (subject.recent.size() > looks_wanted)
    subject.recent.erase(subject.recent.begin());
  subject.next_look = number_ + pause(options);
  if (!subject.original.descriptor) {
    subject.original = look;
    return Event::none;
  }
  if (!somebody_else(subject, *look.descriptor)) {
    subject.strange = subject.odd = 0;
    track.suspected = false;
    subject.original.descriptor = blend(*subject.original.descriptor, *look.descriptor, look_share);
    return subject.target ? Event::none : reconsider(track, subject, options);
  }
  // a hand or a blur makes every face another: what is not sure counts once, unless it never ends
  ++subject.odd;
  if (subject.strange == 0 || look.sure || subject.odd >= most_odd)
    ++subject.strange;
  if (subject.strange < 2)
    return Event::none;
  subject.strange = subject.odd = 0;
  subject.latest.reset();
  subject.recent.clear();
  subject.verifier.invalidate();
  track = {.looks = {*look.descriptor}, .tone = look.tone, .last = number_};
  return Event::parted;
}

/// A further look at somebody without a target: what was decided by the first looks may have been wrong.
IdentityTracker::Event IdentityTracker::reconsider(Track& track, Subject& subject,
                                                   const TrackingOptions& options) {
  const auto match = known(*subject.original.descriptor, track.subject);
  if (match && match->distance < at_first_sight && !match->present && subjects_.at(match->key).target &&
      may_wear(subjects_.at(match->key), subject.original)) {
    come_back(track, match->key, *subject.latest, options);
    return Event::recognised;
  }
  return try_again(subject, options) ? Event::chosen : Event::none;
}

/// Gives a target to somebody who has none, when there is one now.
bool IdentityTracker::try_again(Subject& subject, const TrackingOptions& options) {
  std::vector<bool> free = free_for(subject);
  for (std::size_t i = 0; i < free.size(); ++i)
    if (const auto& whose = candidates_[i].trained_for; whose && !subject.recent.empty())
      free[i] = free[i] &&
                distance(*whose, *subject.original.descriptor) < trained_limit - trained_way_back &&
                distance(*whose, median(subject.recent)) < trained_limit;
  ChoiceRules rules = options.rules;
  rules.least += subject.why == Reason::target_too_close ? way_back : 0;
  return take(subject, choose(candidates_, free, subject.original, strangers_, rules));
}

/// This id is somebody who was known under another one.
void IdentityTracker::come_back(Track& track, std::size_t key, const Descriptor& look,
                                const TrackingOptions& options) {
  for (auto& [id, other] : tracks_) // an id that comes back later must be told anew
    if (other.subject == key)
      other = {.last = other.last};
  Subject& who = subjects_.at(key);
  track.subject = key;
  who.latest = look;
  who.last = number_;
  who.next_look = number_ + static_cast<std::uint64_t>(options.every / 2 + 1);
  who.verifier.invalidate();
}

/// except: a key that does not count.
std::optional<IdentityTracker::Match> IdentityTracker::known(const Descriptor& person,
                                                             const std::optional<std::size_t>& except) const {
  std::optional<Match> best;
  for (const auto& [key, subject] : subjects_) {
    if (!subject.original.descriptor || key == except)
      continue;
    const double away = distance(person, *subject.original.descriptor);
    if (best && best->distance <= away)
      continue;
    best = Match{key, away, false, true};
    for (const auto& [id, track] : tracks_)
      if (track.subject == key && track.last == number_) {
        best->present = true;
        best->blind = best->blind && track.blind > 0;
      }
  }
  return best;
}

IdentityTracker::Event IdentityTracker::decide(Track& track, const TrackingOptions& options) {
  const Observation person{median(track.looks), track.tone};
  const bool full = track.looks.size() >= looks_wanted;
  if (const auto match = known(*person.descriptor); match && match->distance < other_person) {
    Subject& who = subjects_.at(match->key);
    const bool same = match->distance < (full ? same_person : at_first_sight) && may_wear(who, person);
    if (same && !match->present) {
      come_back(track, match->key, track.looks.back(), options);
      return Event::recognised;
    }
    if (same && match->blind) // the region where this person was last: gone soon, and then it is known
      return Event::none;
    if (same && ++track.puzzled <= most_puzzled) { // two ids may have been exchanged: look at the other one
      who.strange = std::max(1, who.strange);
      return Event::none;
    }
    if (!full)
      return Event::none;
  }
  const auto choice = choose(candidates_, free_for({}), person, strangers_, options.rules);
  const bool at_once =
      choice && clear(person) &&
      (!options.rules.pick || trained(choice->target) || choice->distance >= options.rules.enough);
  return full || at_once ? meet(track, person, choice, options) : Event::none;
}

/// Somebody new.
IdentityTracker::Event IdentityTracker::meet(Track& track, const Observation& person,
                                             const std::optional<Choice>& choice,
                                             const TrackingOptions& options) {
  track.subject = next_key_;
  Subject& who = subjects_[next_key_++];
  who.original = person;
  who.latest = person.descriptor;
  who.recent = track.looks;
  who.last = number_;
  who.next_look = number_ + static_cast<std::uint64_t>(options.every / 2 + 1); // not together with a check
  if (take(who, choice))
    return Event::chosen;
  if (const auto refused = nearest(candidates_, free_for(who), person)) {
    who.why = Reason::target_too_close;
    who.choice = *refused;
  } else if (const auto another = another_was_meant(who); another && all_trained()) {
    who.why = Reason::not_trained;
    who.choice = *another;
  }
  return Event::refused;
}

bool IdentityTracker::all_trained() const {
  return std::all_of(candidates_.begin(), candidates_.end(),
                     [](const Candidate& candidate) { return candidate.trained_for.has_value(); });
}

bool IdentityTracker::take(Subject& subject, const std::optional<Choice>& choice) {
  if (!choice)
    return false;
  for (auto& [key, other] : subjects_)
    if (&other != &subject && other.target == choice->target) { // the only target there is; its wearer left
      other.target.reset();
      other.why = Reason::no_target;
    }
  subject.target = choice->target;
  subject.choice = *choice;
  subject.verifier.restart();
  return true;
}

std::vector<bool> IdentityTracker::free_for(const Subject& subject) const {
  std::vector<bool> free(candidates_.size(), true);
  for (const std::size_t target : subject.refused)
    free.at(target) = false;
  for (const auto& [key, other] : subjects_) {
    const bool left = candidates_.size() == 1 && number_ - other.last > left_after;
    if (other.target && !left)
      free.at(*other.target) = false;
  }
  return free;
}

bool IdentityTracker::other_for(const Subject& subject, const TrackingOptions& options) const {
  return choose(candidates_, free_for(subject), subject.original, strangers_, options.rules).has_value();
}

bool IdentityTracker::reassign(Subject& subject, const TrackingOptions& options) {
  const auto choice = choose(candidates_, free_for(subject), subject.original, strangers_, options.rules);
  if (!choice)
    return false;
  if (subject.target)
    subject.refused.insert(*subject.target);
  return take(subject, choice);
}

std::vector<Choice> IdentityTracker::rivals(const Subject& subject, std::size_t most,
                                            const TrackingOptions& options) const {
  std::vector<Choice> targets =
      ranked(candidates_, free_for(subject), subject.original, strangers_, options.rules);
  targets.insert(targets.begin(), subject.choice);
  targets.resize(std::min(targets.size(), most));
  return targets;
}

double IdentityTracker::worth_of(const Subject& subject, const Verdict& verdict) const {
  const std::size_t target = subject.target.value();
  const Candidate& candidate = candidates_.at(target);
  const bool found = verdict.rank.strangers > 0 && verdict.rank.place == 1;
  double seen = verdict.distance;
  if (candidate.descriptor && subject.original.descriptor)
    seen += kept_in_mind * distance(*candidate.descriptor, *subject.original.descriptor);
  return worth(candidate, subject.original, {target, seen, found});
}

Verdict IdentityTracker::verdict(const Descriptor& result, const Subject& subject) const {
  const Descriptor& running = subject.original.descriptor.value();
  Verdict verdict{distance(result, running), {}};
  if (subject.latest)
    verdict.distance = std::min(verdict.distance, distance(result, *subject.latest));
  std::optional<Descriptor> target;
  if (subject.target)
    target = candidates_.at(*subject.target).descriptor;
  verdict.rank = rank_of(result, running, target, strangers_);
  return verdict;
}

void IdentityTracker::invalidate_results() {
  for (auto& [key, subject] : subjects_)
    subject.verifier.invalidate();
}

void IdentityTracker::flush(const TrackingOptions& options) {
  if (options.describe)
    tracks_.clear(); // everybody is known by the face
}

} // namespace deid::faceswap
