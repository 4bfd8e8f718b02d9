#include "elements/faceswap/drawing/hidden_mouth.hpp"
#include "elements/faceswap/drawing/tuning.hpp"
#include <algorithm>

namespace deid::faceswap {

void HiddenMouth::watch_opening(double skin) {
  if (usual_skin_ < 0) {
    usual_skin_ = skin;
    return;
  }
  finger_ = skin >
            usual_skin_ + (finger_ ? tuning::hidden_mouth::finger_stays : tuning::hidden_mouth::finger_comes);
  usual_skin_ +=
      (skin - usual_skin_) * (finger_ ? tuning::hidden_mouth::gives_in : tuning::hidden_mouth::learns);
}

void HiddenMouth::watch(double lower, double upper, std::optional<double> skin) {
  if (skin)
    watch_opening(*skin);

  const double ratio = lower / std::max(upper, tuning::hidden_mouth::least_upper);
  if (usual_ < 0) {
    usual_ = lower;
    usual_ratio_ = ratio;
    return;
  }
  changed_ = changed_ ? lower > tuning::hidden_mouth::stays * usual_ + tuning::hidden_mouth::stays_levels
                      : lower > tuning::hidden_mouth::comes * usual_ + tuning::hidden_mouth::comes_levels &&
                            ratio > tuning::hidden_mouth::comes_ratio * usual_ratio_;
  now_ = changed_ || finger_;
  const double share = now_ ? tuning::hidden_mouth::gives_in : tuning::hidden_mouth::learns;
  usual_ += (lower - usual_) * share;
  usual_ratio_ += (ratio - usual_ratio_) * share;
  share_ = std::clamp(share_ + (now_ ? tuning::hidden_mouth::fades_in : -tuning::hidden_mouth::fades_out),
                      0.F, 1.F);
}

} // namespace deid::faceswap
