#pragma once
#include <optional>

namespace deid::faceswap {

/// Detects that an object comes in front of a person's mouth. A hand has the colour of skin, but its light
/// and shade differ from those of the face a moment before, and its colour differs from that of an open
/// mouth. Only a change is detected: an object that is there from the first frame, or stays for some seconds,
/// counts as the face. Thread: one at a time.
class HiddenMouth {
public:
  /// Takes the next frame of one person. lower, upper: mean differences of the skin of the lower and of the
  /// upper face from the expected colours, levels. skin: share of skin in the opening of the mouth, see
  /// skin_in_mouth().
  void watch(double lower, double upper, std::optional<double> skin = {});
  /// Returns [0..1]: 1: the mouth is hidden; between: something came or went a few frames ago.
  [[nodiscard]] float share() const { return share_; }
  /// Returns whether the mouth is hidden in this frame.
  [[nodiscard]] bool now() const { return now_; }

private:
  void watch_opening(double skin);

  double usual_ = -1;      ///< usual value of lower; below 0: no frame yet
  double usual_ratio_ = 1; ///< usual value of lower / upper
  double usual_skin_ = -1; ///< usual value of skin; below 0: not seen yet
  bool changed_ = false;   ///< the lower face differs
  bool finger_ = false;    ///< there is skin in the opening
  bool now_ = false;
  float share_ = 0;
};

} // namespace deid::faceswap
