#pragma once

namespace deid::faceswap {

/// Decides for one face whether the hands in front of it stay in front of the swap. A hand is shown
/// unchanged, and the network may have mistaken the face itself for a hand. So hands are painted over when
/// the result is too close with them and passes without them. This lasts for some frames, longer each time.
/// Then hands are tried again, because a result at the limit sometimes passes. Thread: one at a time.
class HandsTrial {
public:
  /// Takes the share of the face that lies behind hands in this frame, [0..1]. Returns true when no check has
  /// seen this much of hands, so the result must be verified before it leaves.
  bool frame(double share);
  /// Returns the share of the face that lies behind hands, [0..1], whether they stay in front or not.
  [[nodiscard]] double share() const { return share_; }
  /// Returns whether hands are painted over in this frame.
  [[nodiscard]] bool left_out() const { return hold_ > 0; }
  /// Returns whether a hand is in front of the face in this frame and stays in front of the swap.
  [[nodiscard]] bool drawn() const { return share_ > 0 && !left_out(); }
  /// Returns the dlib distance beyond the limit that a result with hands needs: above 0 once hands were to
  /// blame.
  [[nodiscard]] double slack() const;
  /// Call it when the result was too close with hands and passed without them.
  void blame();
  /// Call it when the result passed with hands.
  void clear();

private:
  double share_ = 0;
  double checked_ = 0; ///< share at the last check that was asked for, or the smallest share since then
  int hold_ = 0;       ///< frames for which hands are painted over
  int next_hold_ = 0;  ///< frames; 0: hands were never to blame
};

} // namespace deid::faceswap
