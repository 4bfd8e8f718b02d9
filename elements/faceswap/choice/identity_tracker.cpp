#include "elements/faceswap/choice/identity_tracker.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

using models::distance;

} // namespace

/// A face that was lost and is there again may be another person.
void IdentityTracker::notice(FaceIdentity& face, bool blind, const TrackingOptions& options) {
  const bool lost = static_cast<std::uint64_t>(face.blind) >= tuning::identity::lost_after ||
                    number_ - face.last > tuning::identity::lost_after;
  face.blind = blind ? face.blind + 1 : 0;
  if (blind || !lost || !options.describe || !face.subject)
    return;
  Subject& who = subjects_.at(*face.subject);
  face.suspected = who.original.descriptor.has_value();
  who.verifier.invalidate();
}

void IdentityTracker::frame(std::span<const Present> present, Identities all,
                            const TrackingOptions& options) {
  ++number_;
  for (const auto& [face, blind] : present) {
    notice(*face, blind, options);
    if (Subject* who = subject(*face)) {
      if (number_ - who->last > tuning::identity::left_after)
        who->verifier.invalidate();
      who->last = number_;
      if (!who->target && who->why == Reason::no_target && number_ % tuning::identity::retry == 0)
        try_again(*who, options); // a holder may have left, or lost a target
    }
    face->last = number_;
  }
  forget_absent(all, options);
}

/// Bounds memory in a long stream. Without descriptors only the id links a person to a target, so the
/// identity of a holder stays.
void IdentityTracker::forget_absent(Identities all, const TrackingOptions& options) {
  for (FaceIdentity* face : all) {
    const bool holds = !options.describe && face->subject && subjects_.at(*face->subject).target.has_value();
    if (!holds && number_ - face->last > tuning::identity::left_after)
      *face = {};
  }
  std::erase_if(subjects_, [&](const auto& entry) {
    const bool named =
        std::ranges::any_of(all, [&](const FaceIdentity* face) { return face->subject == entry.first; });
    return !named && !entry.second.target && number_ - entry.second.last > tuning::identity::forgotten_after;
  });
}

Subject* IdentityTracker::subject(const FaceIdentity& face) {
  return face.subject ? &subjects_.at(*face.subject) : nullptr;
}

const Subject* IdentityTracker::subject(const FaceIdentity& face) const {
  return face.subject ? &subjects_.at(*face.subject) : nullptr;
}

Assignment IdentityTracker::assignment(const FaceIdentity& face) const {
  const Subject* who = subject(face);
  if (who == nullptr || face.suspected)
    return {{}, Reason::choosing};
  if (!who->target)
    return {{}, who->why};
  if (who->verifier.suspended())
    return {{}, Reason::result_too_close};
  return {who->target, Reason::none};
}

bool IdentityTracker::wants(FaceIdentity& face, const std::function<bool()>& sure,
                            const TrackingOptions& options) {
  face.last = number_;
  if (face.suspected)
    return true;
  if (const Subject* who = subject(face))
    return wants_again(*who, sure, options);
  if (!options.rules.pick && !options.careful)
    return true;
  return sure() ||
         ++face.waited > (options.careful ? tuning::identity::long_patience : tuning::identity::patience);
}

bool IdentityTracker::wants_again(const Subject& who, const std::function<bool()>& sure,
                                  const TrackingOptions& options) const {
  if (!options.describe || (options.every == 0 && who.target))
    return false;
  if (!who.original.descriptor || who.strange > 0)
    return true;
  if (number_ < who.next_observation || who.verifier.suspended())
    return false;
  return number_ >= who.next_observation + pause(options) || sure();
}

IdentityTracker::Event IdentityTracker::observe(FaceIdentity& face, const Observation& observation,
                                                Identities all, const TrackingOptions& options) {
  face.last = number_;
  if (observation.second)
    face.second = observation.second;
  if (Subject* who = subject(face))
    return follow(face, *who, observation, all, options);
  face.tone = observation.tone ? observation.tone : face.tone;
  if (observation.looks)
    face.looks = face.looks ? models::blend(*face.looks, *observation.looks,
                                            1 / (1 + static_cast<double>(face.observed.size())))
                            : observation.looks;
  if (!observation.descriptor) {
    const Observation person{{}, face.tone};
    return meet(face, person, targets_.best(person, free_for({}), options.rules), options);
  }
  face.observed.push_back(*observation.descriptor);
  if (face.observed.size() > tuning::identity::most_observations)
    face.observed.erase(face.observed.begin());
  return decide(face, all, options);
}

/// Returns the frames between two observations of one person.
std::uint64_t IdentityTracker::pause(const TrackingOptions& options) {
  return options.every > 0 ? static_cast<std::uint64_t>(options.every) : tuning::identity::retry;
}

/// Returns whether a further observation of a person shows another person.
bool IdentityTracker::somebody_else(const Subject& subject, const Descriptor& observed) const {
  return !targets_.may_keep(subject.target, median(subject.recent)) ||
         !(distance(observed, *subject.original.descriptor) <= tuning::identity::other_person);
}

/// Takes a further observation of a known person.
IdentityTracker::Event IdentityTracker::follow(FaceIdentity& face, Subject& subject,
                                               const Observation& observation, Identities all,
                                               const TrackingOptions& options) {
  if (!observation.descriptor)
    return Event::none;
  subject.latest = observation.descriptor;
  subject.latest_second = observation.second;
  subject.recent.push_back(*observation.descriptor);
  if (subject.recent.size() > tuning::identity::observations_wanted)
    subject.recent.erase(subject.recent.begin());
  subject.next_observation = number_ + pause(options);
  if (!subject.original.descriptor) {
    subject.original = observation;
    return Event::none;
  }
  if (somebody_else(subject, *observation.descriptor))
    return count_strange(face, subject, observation);
  subject.strange = subject.odd = 0;
  face.suspected = false;
  subject.original.descriptor =
      blend(*subject.original.descriptor, *observation.descriptor, tuning::identity::observation_weight);
  if (observation.second)
    subject.original.second = subject.original.second
                                  ? models::blend(*subject.original.second, *observation.second,
                                                  tuning::identity::observation_weight)
                                  : *observation.second;
  return subject.target ? Event::none : reconsider(face, subject, all, options);
}

/// Two observations of another person in a row part the id from its person. A hand or a blur changes every
/// face, so an unsure observation counts only as the first one, or after many in a row.
IdentityTracker::Event IdentityTracker::count_strange(FaceIdentity& face, Subject& subject,
                                                      const Observation& observation) {
  ++subject.odd;
  if (subject.strange == 0 || observation.sure || subject.odd >= tuning::identity::most_odd)
    ++subject.strange;
  if (subject.strange < 2)
    return Event::none;
  subject.strange = subject.odd = 0;
  subject.latest.reset();
  subject.latest_second.reset();
  subject.recent.clear();
  subject.verifier.invalidate();
  face = {.observed = {*observation.descriptor},
          .second = observation.second,
          .tone = observation.tone,
          .last = number_};
  return Event::parted;
}

/// Takes a further observation of a person without a target: the first observations may have decided wrongly.
IdentityTracker::Event IdentityTracker::reconsider(FaceIdentity& face, Subject& subject, Identities all,
                                                   const TrackingOptions& options) {
  const Descriptor& person = *subject.original.descriptor;
  const auto match = known(person, all, face.subject);
  if (match && match->distance < tuning::identity::at_first_sight && !match->present &&
      subjects_.at(match->key).target && targets_.may_keep(subjects_.at(match->key).target, person)) {
    come_back(face, match->key, *subject.latest, all, options);
    return Event::recognised;
  }
  return try_again(subject, options) ? Event::chosen : Event::none;
}

/// Gives a free target to a person who has none. Returns false when there is none.
bool IdentityTracker::try_again(Subject& subject, const TrackingOptions& options) {
  return take(subject, targets_.second_chance({subject.original, subject.recent, subject.why},
                                              free_for(subject), options.rules));
}

/// Binds the id to a person who was known under another id. The other id must be identified again when it
/// returns.
void IdentityTracker::come_back(FaceIdentity& face, std::size_t key, const Descriptor& observed,
                                Identities all, const TrackingOptions& options) {
  for (FaceIdentity* other : all)
    if (other->subject == key)
      *other = {.last = other->last};
  Subject& who = subjects_.at(key);
  face.subject = key;
  who.latest = observed;
  who.latest_second = face.second;
  who.last = number_;
  who.next_observation = number_ + static_cast<std::uint64_t>(options.every / 2 + 1);
  who.verifier.invalidate();
}

/// Returns the nearest known person. except: the key of a person to skip.
std::optional<IdentityTracker::Match> IdentityTracker::known(const Descriptor& person, Identities all,
                                                             const std::optional<std::size_t>& except) const {
  std::optional<Match> best;
  for (const auto& [key, subject] : subjects_) {
    if (!subject.original.descriptor || key == except)
      continue;
    const double away = distance(person, *subject.original.descriptor);
    if (best && best->distance <= away)
      continue;
    best = Match{key, away, false, true};
    for (const FaceIdentity* face : all)
      if (face->subject == key && face->last == number_) {
        best->present = true;
        best->blind = best->blind && face->blind > 0;
      }
  }
  return best;
}

/// Identifies a face whose person is not known yet.
IdentityTracker::Event IdentityTracker::decide(FaceIdentity& face, Identities all,
                                               const TrackingOptions& options) {
  const Observation person{
      .descriptor = median(face.observed), .tone = face.tone, .second = face.second, .looks = face.looks};
  if (const auto decided = recognise(face, *person.descriptor, all, options))
    return *decided;
  const auto choice = targets_.best(person, free_for({.refused = face.unwanted}), options.rules);
  const bool enough = face.observed.size() >= tuning::identity::observations_wanted;
  return enough || targets_.at_once(choice, person, options.rules) ? meet(face, person, choice, options)
                                                                   : Event::none;
}

/// Compares a face with the known people. Returns nothing when it is a new person.
std::optional<IdentityTracker::Event> IdentityTracker::recognise(FaceIdentity& face, const Descriptor& person,
                                                                 Identities all,
                                                                 const TrackingOptions& options) {
  const auto match = known(person, all);
  if (!match || !(match->distance < tuning::identity::other_person))
    return {};
  const bool enough = face.observed.size() >= tuning::identity::observations_wanted;
  Subject& who = subjects_.at(match->key);
  const bool same =
      match->distance < (enough ? tuning::identity::same_person : tuning::identity::at_first_sight) &&
      targets_.may_keep(who.target, person);
  if (same && !match->present) {
    come_back(face, match->key, face.observed.back(), all, options);
    return Event::recognised;
  }
  if (same && match->blind) // this person's last region, which ends soon
    return Event::none;
  if (same && ++face.puzzled <=
                  tuning::identity::most_puzzled) { // two ids may have been exchanged: observe the other one
    who.strange = std::max(1, who.strange);
    return Event::none;
  }
  return enough ? std::optional<Event>() : Event::none;
}

/// Takes in a new person.
IdentityTracker::Event IdentityTracker::meet(FaceIdentity& face, const Observation& person,
                                             const std::optional<Choice>& choice,
                                             const TrackingOptions& options) {
  face.subject = next_key_;
  Subject& who = subjects_[next_key_++];
  who.original = person;
  who.latest = person.descriptor;
  who.latest_second = person.second;
  who.recent = face.observed;
  who.refused = face.unwanted;
  who.last = number_;
  // half a period later, so that observation and check do not fall into one frame
  who.next_observation = number_ + static_cast<std::uint64_t>(options.every / 2 + 1);
  if (take(who, choice))
    return Event::chosen;
  const Refusal refusal = targets_.refusal(person, free_for(who));
  who.why = refusal.why;
  who.choice = refusal.choice;
  return Event::refused;
}

/// Gives the person this target. A single target passes from a holder who has left to the next person.
bool IdentityTracker::take(Subject& subject, const std::optional<Choice>& choice) {
  if (!choice)
    return false;
  for (auto& [key, other] : subjects_)
    if (&other != &subject && other.target == choice->target) {
      other.target.reset();
      other.why = Reason::no_target;
    }
  subject.target = choice->target;
  subject.choice = *choice;
  subject.verifier.restart();
  return true;
}

std::vector<bool> IdentityTracker::free_for(const Subject& subject) const {
  std::vector<Holder> holders;
  for (const auto& [key, other] : subjects_)
    if (other.target)
      holders.push_back({*other.target, number_ - other.last > tuning::identity::left_after});
  return free_targets(targets_.count(), holders, subject.refused);
}

bool IdentityTracker::other_for(const Subject& subject, const TrackingOptions& options) const {
  return targets_.best(subject.original, free_for(subject), options.rules).has_value();
}

bool IdentityTracker::reassign(Subject& subject, const TrackingOptions& options) {
  const auto choice = targets_.best(subject.original, free_for(subject), options.rules);
  if (!choice)
    return false;
  if (subject.target)
    subject.refused.insert(*subject.target);
  return take(subject, choice);
}

bool IdentityTracker::refuse(FaceIdentity& face, const std::set<std::size_t>& unwanted,
                             const TrackingOptions& options) {
  face.unwanted = unwanted;
  Subject* who = subject(face);
  if (who == nullptr)
    return false;
  who->refused.insert(unwanted.begin(), unwanted.end());
  if (!who->target || !unwanted.contains(*who->target))
    return false;
  if (!reassign(*who, options)) {
    who->target.reset();
    who->why = Reason::no_target;
  }
  return true;
}

std::vector<Choice> IdentityTracker::rivals(const Subject& subject, std::size_t most,
                                            const TrackingOptions& options) const {
  std::vector<Choice> rivals = targets_.ranked(subject.original, free_for(subject), options.rules);
  rivals.insert(rivals.begin(), subject.choice);
  rivals.resize(std::min(rivals.size(), most));
  return rivals;
}

void IdentityTracker::invalidate_results() {
  for (auto& [key, subject] : subjects_)
    subject.verifier.invalidate();
}

} // namespace deid::faceswap
