#pragma once
#include "elements/faceswap/choice/chooser.hpp"

namespace deid::faceswap {

struct VerifyOptions {
  int every = 15;         ///< frames of a person between two checks; 0: never
  double least = .6;      ///< distance between result and original (dlib)
  float geometry = 0;     ///< where it begins [0..1]
  bool raise = true;      ///< whether a result that is too close, or nearly so, raises geometry
  int least_gallery = 16; ///< strangers from which on the rank counts
};

/// What a recogniser says of one result.
struct Verdict {
  double distance = 0; ///< to the person's original, the nearer of the running one and the latest
  Rank rank{};
};

/// What becomes of a face whose result was judged.
enum class Act : std::uint8_t {
  show,     ///< it is nobody
  raise,    ///< draw it again with more geometry
  reassign, ///< another target
  cover,    ///< blur, for longer each time
};

/// Decides for one person with one target. A result is shown only after the first one passed; one that fails
/// is never shown. Threads: one at a time.
class Verifier {
public:
  /// Geometry that this person is drawn with now.
  [[nodiscard]] float geometry(const VerifyOptions& options) const;
  /// Whether this frame's result must be judged before it leaves.
  [[nodiscard]] bool due(const VerifyOptions& options) const;
  /// Whether a result that is too close gets more geometry without a change of its outline.
  [[nodiscard]] bool raises_gently(const VerifyOptions& options) const;
  /// Whether nothing may leave without being judged: new, changed, or failed before.
  [[nodiscard]] bool pending(const VerifyOptions& options) const { return options.every > 0 && !passed_; }
  /// Whether a check waited for so long that nothing may leave before it.
  [[nodiscard]] bool overdue(const VerifyOptions& options) const;
  /// other: whether another target could be had. Somebody shown for long keeps the target: a face that
  /// changes is worse to look at than one that is blurred.
  Act judge(const Verdict& verdict, const VerifyOptions& options, bool other);
  /// This person was in a frame; shown: swapped.
  void frame(bool shown);
  /// Another target: all begins anew, but for how long this person was shown.
  void restart();
  /// Blurred because of what was found.
  [[nodiscard]] bool suspended() const { return hold_ > 0; }
  /// The next result must be judged before it leaves (back after a while, a seek).
  void invalidate() { passed_ = false; }
  [[nodiscard]] std::optional<Verdict> last() const { return last_; }
  /// Whether judge() would let it pass.
  [[nodiscard]] bool good(const Verdict& verdict, const VerifyOptions& options) const;

private:
  void pass(double distance, const VerifyOptions& options);

  std::optional<Verdict> last_{};
  float raised_ = 0; ///< geometry that it goes to
  float now_ = 0;    ///< and where it is
  bool passed_ = false;
  bool failed_ = false; ///< since it passed: the way back has the higher limit
  int since_ = 0;       ///< frames shown since the last check
  int shown_ = 0;       ///< frames shown in all
  int easy_ = 0;        ///< checks in a row that passed by plenty
  int hold_ = 0;        ///< frames that it stays blurred
  int next_hold_ = 15;
};

} // namespace deid::faceswap
