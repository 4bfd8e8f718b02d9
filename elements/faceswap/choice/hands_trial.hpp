#pragma once

namespace deid::faceswap {

/// Decides for one face whether the hands before it stay in front of the swap. A hand is shown as it is, and
/// the network may have taken the face itself for a hand. So hands are painted over when the result is too
/// close with them and passes without them. That holds for some frames, for more each time; then hands are
/// tried again, because a result at the limit fails once and passes once. Thread: one at a time.
class HandsTrial {
public:
  /// Takes the share of the face that lies behind hands in this frame, [0..1]. Returns true when no check has
  /// seen this much of hands, so the result must be verified before it leaves.
  bool frame(double share);
  /// Returns the share of the face that lies behind hands, [0..1], whether they stay in front or not.
  [[nodiscard]] double share() const { return share_; }
  /// Returns whether hands are painted over in this frame.
  [[nodiscard]] bool left_out() const { return hold_ > 0; }
  /// Returns the dlib distance that a result with hands needs beyond the limit: some, once hands were to
  /// blame.
  [[nodiscard]] double slack() const;
  /// Says that the result was too close with hands and passed without them.
  void blame();
  /// Says that the result passed with hands.
  void clear();

private:
  double share_ = 0;
  double checked_ = 0; ///< share at the last check that was asked for, or the smallest share since then
  int hold_ = 0;       ///< frames for which hands are painted over
  int next_hold_ = 0;  ///< frames; 0: hands were never to blame
};

} // namespace deid::faceswap
