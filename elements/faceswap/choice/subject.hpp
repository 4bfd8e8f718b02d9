#pragma once
#include "elements/faceswap/choice/target_assignment.hpp"
#include <map>

namespace deid::faceswap {

/// The comparison of targets by their results, while it lasts.
struct Trials {
  std::map<std::size_t, double> worth{}; ///< of the results so far, by target
  bool any_passed = false;               ///< One of the results passes the check.
  bool in_vain = false;                  ///< The best targets were tried, and none passed.
  int rest = 0;                          ///< frames until the next trial
};

/// One person of the stream, independent of facedetect's ids. Kept in memory only, never written.
struct Subject {
  std::optional<std::size_t> target{};         ///< index among the candidates
  Reason why = Reason::no_target;              ///< meaningful without a target
  Choice choice{};                             ///< distance of the target, or of the nearest refused target
  Observation original{};                      ///< running mean
  std::optional<Descriptor> latest{};          ///< of the last observation
  std::optional<FaceFeatures> latest_second{}; ///< likewise, of the second judge
  std::vector<Descriptor> recent{};            ///< of the last three observations; for a trained target
  std::set<std::size_t>
      refused{};              ///< targets whose results looked like the person, or that nobody wants here
  bool targets_tried = false; ///< the comparison of targets was made, or a target was shown
  Trials trials{};
  Verifier verifier{};
  std::uint64_t last = 0;             ///< number of the last frame with this person
  std::uint64_t next_observation = 0; ///< number of the frame in which a new observation is due
  int strange = 0; ///< observations of another person in a row; after the first one, only sure ones count
  int odd = 0;     ///< unsure observations of another person in a row
};

/// The person behind one id of facedetect, as far as it is known.
struct FaceIdentity {
  std::optional<std::size_t> subject{}; ///< key of the subject; nothing: not known yet
  std::vector<Descriptor> observed{};   ///< until the subject is known
  std::optional<FaceFeatures> second{}; ///< of the last observation, of the second judge
  std::optional<Tone> tone{};
  std::optional<Looks> looks{};     ///< mean of the observations
  std::set<std::size_t> unwanted{}; ///< targets that this person does not get
  int waited = 0;                   ///< frames without a sure observation
  int puzzled = 0;                  ///< observations of a person who is present under another id
  std::uint64_t last = 0;           ///< number of the last frame with this id
  int blind = 0;                    ///< frames in a row without landmarks
  bool suspected = false;           ///< The face was lost, and no observation has confirmed the person since.
};

struct TrackingOptions {
  bool describe = true; ///< Observations have descriptors. false: one id is one person.
  int every = 15;       ///< frames between two observations of an original; 0: one observation will do
  ChoiceRules rules{};
  bool careful = false; ///< A choice waits long for a sure observation, even in order (without rules.pick).
};

} // namespace deid::faceswap
