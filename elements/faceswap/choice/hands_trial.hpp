#pragma once

namespace deid::faceswap {

/// Decides for one face whether the hands before it stay in front of what is drawn on it. What is taken for a
/// hand is shown as it is, and it may be the face itself: when a result is too close with hands and is not
/// without them, they are painted over. That holds for some frames only, for more each time, and then hands
/// are tried again, because a result at the limit fails once and passes once. Threads: one at a time.
class HandsTrial {
public:
  /// share: of the face that is behind hands in this frame, [0..1]. True: what the hands bring along was
  /// never looked at, so the result must be checked before it leaves.
  bool frame(double share);
  /// Share of the face that is behind hands, whether they are drawn or not.
  [[nodiscard]] double share() const { return share_; }
  /// Whether hands are painted over in this frame.
  [[nodiscard]] bool left_out() const { return hold_ > 0; }
  /// Distance that a result with hands must have more than others: some, once hands were to blame.
  [[nodiscard]] double slack() const;
  /// The result was too close with hands and passed without them.
  void blame();
  /// The result passed with hands.
  void clear();

private:
  double share_ = 0;
  double checked_ = 0; ///< share when a check was last asked for, or less since then
  int hold_ = 0;       ///< frames that hands are painted over
  int next_hold_ = 0;  ///< frames; 0: never blamed
};

} // namespace deid::faceswap
