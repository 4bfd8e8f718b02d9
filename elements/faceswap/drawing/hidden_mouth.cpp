#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

/// Something comes when the difference exceeds the usual one by this factor and these levels. With less,
/// speech counts as a hand.
constexpr double comes = 1.45, comes_levels = 3;
/// The lower face must also change more than the upper face, by this factor. A laugh changes both.
constexpr double comes_ratio = 1.15;
/// Something stays as long as the difference exceeds the usual one by this factor and these levels.
constexpr double stays = 1.2, stays_levels = 2;
/// Weight of a frame in the usual values, and its weight while the mouth is hidden.
constexpr double learns = 0.1, gives_in = 0.01;
/// Change of share() in one frame.
constexpr float fades_in = 0.5F, fades_out = 0.2F;

} // namespace

void HiddenMouth::watch(double lower, double upper) {
  const double ratio = lower / std::max(upper, 1.0);
  if (usual_ < 0) {
    usual_ = lower;
    usual_ratio_ = ratio;
    return;
  }
  now_ = now_ ? lower > stays * usual_ + stays_levels
              : lower > comes * usual_ + comes_levels && ratio > comes_ratio * usual_ratio_;
  const double share = now_ ? gives_in : learns;
  usual_ += (lower - usual_) * share;
  usual_ratio_ += (ratio - usual_ratio_) * share;
  share_ = std::clamp(share_ + (now_ ? fades_in : -fades_out), 0.F, 1.F);
}

} // namespace deid::faceswap
