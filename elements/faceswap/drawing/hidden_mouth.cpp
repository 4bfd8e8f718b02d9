#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>

namespace deid::faceswap {

using namespace tuning::hidden_mouth;

void HiddenMouth::watch(double lower, double upper) {
  const double ratio = lower / std::max(upper, least_upper);
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
