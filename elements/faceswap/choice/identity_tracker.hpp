#pragma once
#include "elements/faceswap/choice/swap_gate.hpp"
#include "elements/faceswap/choice/verify.hpp"
#include <functional>
#include <map>
#include <set>

namespace deid::faceswap {

/// Somebody in the stream, under whatever id facedetect gives. Kept in memory alone, and never written.
struct Subject {
  std::optional<std::size_t> target{}; ///< index among the candidates
  Reason why = Reason::no_target;      ///< when there is none
  Choice choice{};                     ///< how far the target is; without one: the nearest that was refused
  Observation original{};              ///< running
  std::optional<Descriptor> latest{};  ///< the last look
  std::vector<Descriptor> recent{};    ///< the last three; for a target that was trained
  std::set<std::size_t> refused{};     ///< targets whose results were too close
  bool targets_tried = false;          ///< targets were compared by their results here, or one was shown
  Verifier verifier{};
  std::uint64_t last = 0;      ///< number of the frame it was last seen in
  std::uint64_t next_look = 0; ///< number of the frame in which the original wants a fresh look
  int strange = 0;             ///< looks in a row that were somebody else's; after the first, sure ones
  int odd = 0;                 ///< the same, sure or not
};

struct TrackingOptions {
  bool describe = true; ///< looks have descriptors; false: a person is what facedetect calls one id
  int every = 15;       ///< frames between two looks at an original; 0: one will do
  ChoiceRules rules{};
  bool careful = false; ///< a choice wants a sure look, for long, in order (not rules.pick), too
};

/// Who plays whom: gives every person one target, for the whole stream. A target is worn by one person alone;
/// only when it is the only one does it go on to the next person after its wearer has left. With descriptors,
/// people are known by their faces: who comes back under another id, or after a seek, gets the same target,
/// and two whose ids were exchanged do not exchange their faces. Threads: one at a time.
class IdentityTracker {
public:
  enum class Event : std::uint8_t {
    none,
    chosen,     ///< a new person has a target
    refused,    ///< a new person has none: see why
    recognised, ///< somebody known came back
    parted,     ///< this id is somebody else now; covered until it is known who
  };

  IdentityTracker(std::vector<Candidate> candidates, std::vector<Descriptor> strangers);

  /// A frame begins in which these ids are; blind: those of them whose features nobody knows. Who was lost
  /// for more than a few frames may be somebody else under the same id: no part before a look was had.
  void frame(std::span<const std::uint32_t> ids, const TrackingOptions& options,
             std::span<const std::uint32_t> blind = {});
  /// Who this is, or null while nobody knows.
  Subject* subject(std::uint32_t id);
  /// The assignment of this face.
  Assignment assignment(std::uint32_t id);
  /// Whether a look at this face is wanted in this frame. sure: asked only when it matters, whether this is
  /// as good as looks get; for a choice, what is less is taken only when nothing better came for some frames.
  bool wants(std::uint32_t id, const std::function<bool()>& sure, const TrackingOptions& options);
  Event look(std::uint32_t id, const Observation& look, const TrackingOptions& options);
  /// Takes the target away for good and gives another; false when there is none far enough.
  bool reassign(Subject& subject, const TrackingOptions& options);
  [[nodiscard]] bool other_for(const Subject& subject, const TrackingOptions& options) const;
  /// Targets to be compared by their results: the person's own and the best others, `most` in all.
  [[nodiscard]] std::vector<Choice> rivals(const Subject& subject, std::size_t most,
                                           const TrackingOptions& options) const;
  /// What the person's target is worth by this result.
  [[nodiscard]] double worth_of(const Subject& subject, const Verdict& verdict) const;
  /// Place of a result among strangers and the subject's original.
  [[nodiscard]] Verdict verdict(const Descriptor& result, const Subject& subject) const;
  /// Whether this target was trained for one person.
  [[nodiscard]] bool trained(std::size_t target) const {
    return candidates_.at(target).trained_for.has_value();
  }
  /// The target that was trained for somebody else than this person, when there is one.
  [[nodiscard]] std::optional<Choice> another_was_meant(const Subject& subject) const {
    return trained_for_another(candidates_, subject.original);
  }
  /// Every result must be judged again before it leaves.
  void invalidate_results();
  /// A seek. Targets stay whose they are.
  void flush(const TrackingOptions& options);
  [[nodiscard]] std::size_t strangers() const { return strangers_.size(); }

private:
  struct Track {
    std::optional<std::size_t> subject{}; ///< key in subjects_
    std::vector<Descriptor> looks{};
    std::optional<Tone> tone{};
    int waited = 0;  ///< frames without a sure look
    int puzzled = 0; ///< looks like somebody who is there under another id
    std::uint64_t last = 0;
    int blind = 0;          ///< frames in a row without features to look at
    bool suspected = false; ///< was lost, and nobody has looked since
  };
  struct Match {
    std::size_t key = 0;
    double distance = 0;
    bool present = false; ///< under another id of this frame
    bool blind = false;   ///< there, but that one cannot be looked at
  };
  [[nodiscard]] std::optional<Match> known(const Descriptor& person,
                                           const std::optional<std::size_t>& except = {}) const;
  [[nodiscard]] std::vector<bool> free_for(const Subject& subject) const;
  [[nodiscard]] bool may_wear(const Subject& subject, const Observation& person) const;
  [[nodiscard]] bool somebody_else(const Subject& subject, const Descriptor& look) const;
  [[nodiscard]] bool clear(const Observation& person) const;
  [[nodiscard]] bool all_trained() const;
  [[nodiscard]] bool wants_again(const Subject& who, const std::function<bool()>& sure,
                                 const TrackingOptions& options) const;
  void notice(Track& track, bool blind, const TrackingOptions& options);
  [[nodiscard]] static std::uint64_t pause(const TrackingOptions& options);
  Event follow(Track& track, Subject& subject, const Observation& look, const TrackingOptions& options);
  Event reconsider(Track& track, Subject& subject, const TrackingOptions& options);
  bool try_again(Subject& subject, const TrackingOptions& options);
  void come_back(Track& track, std::size_t key, const Descriptor& look, const TrackingOptions& options);
  Event decide(Track& track, const TrackingOptions& options);
  Event meet(Track& track, const Observation& person, const std::optional<Choice>& choice,
             const TrackingOptions& options);
  bool take(Subject& subject, const std::optional<Choice>& choice);

  std::vector<Candidate> candidates_;
  std::vector<Descriptor> strangers_;
  std::map<std::uint32_t, Track> tracks_{};
  std::map<std::size_t, Subject> subjects_{};
  std::size_t next_key_ = 0;
  std::uint64_t number_ = 0;
};

} // namespace deid::faceswap
