#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

constexpr double comes = 1.45, comes_levels = 3; ///< of the usual, and on top
constexpr double comes_ratio =
    1.15; ///< the face below must change more than the face above: a laugh changes both
constexpr double stays = 1.2, stays_levels = 2;
constexpr double learns = 0.1, gives_in = 0.01;    ///< of a frame in what is usual; while hidden
constexpr float fades_in = 0.5F, fades_out = 0.2F; ///< a frame

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
