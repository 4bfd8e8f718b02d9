#pragma once
#include "elements/faceswap/choice/chooser.hpp"
#include <limits>

namespace deid::faceswap {

struct VerifyOptions {
  int every = 15;                           ///< frames of a person between two checks; 0: no checks
  double least = models::same_person_limit; ///< dlib distance between result and original that a result needs
  float geometry = 0;                       ///< initial value of each person [0..1]
  bool raise = true;                        ///< A result that is too close, or nearly so, raises geometry.
  int least_gallery = 16;                   ///< The rank counts with this many strangers or more.
  /// dlib distance from which on the rank does not count; for strangers who are composites alone.
  double rank_below = std::numeric_limits<double>::infinity();
  double second_least = models::faceres_limit; ///< the second judge's distance that a result needs
  /// A result that fails the second judge is not shown. false: it only gets more geometry.
  bool second_covers = false;
};

/// The finding of one judge on one result.
struct Opinion {
  double distance = 0; ///< to the nearer of the person's running and latest original
  Rank rank{};
};

/// The findings of the judges on one result.
struct Verdict {
  double distance = 0; ///< dlib, to the nearer of the person's running and latest original
  Rank rank{};
  std::optional<Opinion> second{}; ///< of the second judge, in its own unit; nothing: there is none
};

/// The consequence of a verdict for a face.
enum class Act : std::uint8_t {
  show,     ///< The result passes.
  raise,    ///< The result must be drawn again with more geometry.
  reassign, ///< The person needs another target.
  cover,    ///< The face is blurred, for longer each time.
};

/// Decides whether the results of one person with one target may be shown. The first result must pass before
/// anything is shown. A result that fails dlib is never shown, nor, with second_covers, one that fails the
/// second judge. Thread: one at a time.
class Verifier {
public:
  /// Returns the geometry that this person is drawn with now, [0..1].
  [[nodiscard]] float geometry(const VerifyOptions& options) const;
  /// Returns whether the result of this frame is to be judged.
  [[nodiscard]] bool due(const VerifyOptions& options) const;
  /// Returns whether a result that is too close gets more geometry without a change of its outline.
  [[nodiscard]] bool raises_gently(const VerifyOptions& options) const;
  /// Returns whether no result may leave without being judged: the person is new, was invalidated, or failed.
  [[nodiscard]] bool pending(const VerifyOptions& options) const { return options.every > 0 && !passed_; }
  /// Returns whether a check has waited so long that no result may leave before it.
  [[nodiscard]] bool overdue(const VerifyOptions& options) const;
  /// Judges a result and returns what follows. other: whether another target is free. A person who was shown
  /// for long keeps the target: a face that changes disturbs more than a blurred one.
  Act judge(const Verdict& verdict, const VerifyOptions& options, bool other);
  /// Counts a frame with this person. shown: the swap was shown.
  void frame(bool shown);
  /// Starts again with another target; only the time for which the person was shown is kept.
  void restart();
  /// Returns whether the person is blurred because of a verdict.
  [[nodiscard]] bool suspended() const { return hold_ > 0; }
  /// Says that the next result must be judged before it leaves: after an absence, a seek or a change.
  void invalidate() { passed_ = false; }
  [[nodiscard]] std::optional<Verdict> last() const { return last_; }
  /// Returns whether judge() would let a result with this verdict pass.
  [[nodiscard]] bool good(const Verdict& verdict, const VerifyOptions& options) const;

private:
  void pass(const Verdict& verdict, const VerifyOptions& options);

  std::optional<Verdict> last_{};
  float raised_ = 0; ///< geometry to which now_ moves
  float now_ = 0;    ///< geometry of this frame
  bool passed_ = false;
  bool failed_ = false; ///< A result has failed since the last one passed; a higher limit applies.
  int since_ = 0;       ///< frames shown since the last check
  int shown_ = 0;       ///< frames shown in all
  int easy_ = 0;        ///< checks in a row that passed by plenty
  int hold_ = 0;        ///< frames for which the person stays blurred
  int next_hold_ = 15;
};

} // namespace deid::faceswap
