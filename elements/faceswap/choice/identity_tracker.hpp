#pragma once
#include "elements/faceswap/choice/subject.hpp"
#include <functional>
#include <map>

namespace deid::faceswap {

/// Identifies the person behind each id of facedetect, and gives each person one target of TargetAssignment
/// for the whole stream. Descriptors tell people apart: a person who returns under another id, or after a
/// seek, keeps the target. Two people whose ids were exchanged keep their own targets. The caller keeps one
/// FaceIdentity per id. Thread: one at a time.
class IdentityTracker {
public:
  /// The identities of all ids that the caller remembers.
  using Identities = std::span<FaceIdentity* const>;
  /// One face of a frame.
  struct Present {
    FaceIdentity* identity = nullptr;
    bool blind = false; ///< The landmarks are not known.
  };
  enum class Event : std::uint8_t {
    none,
    chosen,     ///< A person has got a target.
    refused,    ///< A new person has got no target, see Subject::why.
    recognised, ///< A known person came back.
    parted,     ///< The id now belongs to another person. The face is covered until this person is known.
  };

  explicit IdentityTracker(TargetAssignment targets) : targets_(std::move(targets)) {}

  /// Begins a frame. A face that was lost for more than a few frames may be another person under the same id:
  /// such a face has no target before an observation confirms the person. Identities that were absent for
  /// long are reset.
  void frame(std::span<const Present> present, Identities all, const TrackingOptions& options);
  /// Returns the person, or null while the person is not known.
  Subject* subject(const FaceIdentity& face);
  [[nodiscard]] const Subject* subject(const FaceIdentity& face) const;
  /// Returns the target of this face, or why the face has none.
  [[nodiscard]] Assignment assignment(const FaceIdentity& face) const;
  /// Returns whether this face needs an observation in this frame. sure: returns whether the observation
  /// would be sure (Observation::sure); called only when the answer matters. A choice uses an unsure
  /// observation only after some frames without a sure one.
  bool wants(FaceIdentity& face, const std::function<bool()>& sure, const TrackingOptions& options);
  /// Takes an observation of this face.
  Event observe(FaceIdentity& face, const Observation& observation, Identities all,
                const TrackingOptions& options);
  /// Replaces the person's target permanently. Returns false, and changes nothing, when no other target is
  /// far enough.
  bool reassign(Subject& subject, const TrackingOptions& options);
  /// Takes these targets from the person of this face, for good. Returns true when the person had one of
  /// them: then the person has another one now, or none when no other is far enough.
  bool refuse(FaceIdentity& face, const std::set<std::size_t>& unwanted, const TrackingOptions& options);
  /// Returns whether reassign() would find another target.
  [[nodiscard]] bool other_for(const Subject& subject, const TrackingOptions& options) const;
  /// Returns the targets to be compared by their results: the person's own and the best others, `most` in
  /// all.
  [[nodiscard]] std::vector<Choice> rivals(const Subject& subject, std::size_t most,
                                           const TrackingOptions& options) const;
  /// Returns the worth of the person's target by this result.
  [[nodiscard]] double worth_of(const Subject& subject, const Verdict& verdict) const {
    return targets_.worth_of(subject.target.value(), subject.original, verdict);
  }
  /// Returns the verdict on a result of this person.
  [[nodiscard]] Verdict verdict(const Descriptor& result, const Subject& subject) const {
    return targets_.verdict(result, subject.original.descriptor.value(), subject.latest, subject.target);
  }
  /// Returns the opinion of the second judge on a result of this person.
  [[nodiscard]] Opinion second_opinion(const FaceFeatures& result, const Subject& subject) const {
    return targets_.second_opinion(result, subject.original.second.value(), subject.latest_second,
                                   subject.target);
  }
  [[nodiscard]] const TargetAssignment& targets() const { return targets_; }
  /// Makes every result due for verification before it leaves.
  void invalidate_results();

private:
  struct Match {
    std::size_t key = 0;
    double distance = 0;
    bool present = false; ///< The person is in this frame under another id.
    bool blind = false;   ///< The person is there, but without landmarks.
  };
  [[nodiscard]] std::optional<Match> known(const Descriptor& person, Identities all,
                                           const std::optional<std::size_t>& except = {}) const;
  [[nodiscard]] std::vector<bool> free_for(const Subject& subject) const;
  [[nodiscard]] bool somebody_else(const Subject& subject, const Descriptor& observed) const;
  [[nodiscard]] bool wants_again(const Subject& who, const std::function<bool()>& sure,
                                 const TrackingOptions& options) const;
  void notice(FaceIdentity& face, bool blind, const TrackingOptions& options);
  void forget_absent(Identities all, const TrackingOptions& options);
  [[nodiscard]] static std::uint64_t pause(const TrackingOptions& options);
  Event follow(FaceIdentity& face, Subject& subject, const Observation& observation, Identities all,
               const TrackingOptions& options);
  Event count_strange(FaceIdentity& face, Subject& subject, const Observation& observation);
  Event reconsider(FaceIdentity& face, Subject& subject, Identities all, const TrackingOptions& options);
  bool try_again(Subject& subject, const TrackingOptions& options);
  void come_back(FaceIdentity& face, std::size_t key, const Descriptor& observed, Identities all,
                 const TrackingOptions& options);
  Event decide(FaceIdentity& face, Identities all, const TrackingOptions& options);
  std::optional<Event> recognise(FaceIdentity& face, const Descriptor& person, Identities all,
                                 const TrackingOptions& options);
  Event meet(FaceIdentity& face, const Observation& person, const std::optional<Choice>& choice,
             const TrackingOptions& options);
  bool take(Subject& subject, const std::optional<Choice>& choice);

  TargetAssignment targets_;
  std::map<std::size_t, Subject> subjects_{};
  std::size_t next_key_ = 0;
  std::uint64_t number_ = 0;
};

} // namespace deid::faceswap
