#pragma once

namespace deid::faceswap {

/// Whether something came in front of a person's mouth: a hand is skin like the face, but not where the
/// face's light and shade were a moment before. Known only by the change: what was there from the first frame
/// on is taken for the face. What stays is taken for the face, too, after some seconds. Threads: one at a
/// time.
class HiddenMouth {
public:
  /// lower, upper: how far the skin of the lower and of the upper face is from what is expected there, mean,
  /// levels. Of the next frame of one person.
  void watch(double lower, double upper);
  /// [0..1]: 1: hidden; between: it came or went a few frames ago.
  [[nodiscard]] float share() const { return share_; }
  [[nodiscard]] bool now() const { return now_; }

private:
  double usual_ = -1;      ///< lower; below 0: no frame seen
  double usual_ratio_ = 1; ///< lower / upper
  bool now_ = false;
  float share_ = 0;
};

} // namespace deid::faceswap
