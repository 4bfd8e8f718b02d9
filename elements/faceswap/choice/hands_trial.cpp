#include "elements/faceswap/choice/hands_trial.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

/// Growth of the share behind hands at which the result is verified again. With less, moving hands use up the
/// runs of the describer.
constexpr double step = .1;
/// Frames for which hands are painted over, the first time and at most (1.3 s at 25 frames a second).
constexpr int first_hold = 8, longest_hold = 32;
/// dlib distance beyond the limit after a failure. With 0 hands near the limit flicker.
constexpr double way_back = .01;

} // namespace

bool HandsTrial::frame(double share) {
  share_ = share;
  const bool tried_again = hold_ == 1 && share > 0;
  hold_ = std::max(0, hold_ - 1);
  checked_ = std::min(checked_, share);
  if (left_out() || (!tried_again && !(share > checked_ + step)))
    return false;
  checked_ = share;
  return true;
}

double HandsTrial::slack() const {
  return next_hold_ > 0 ? way_back : 0;
}

void HandsTrial::blame() {
  hold_ = next_hold_ = std::clamp(2 * next_hold_, first_hold, longest_hold);
}

void HandsTrial::clear() {
  next_hold_ /= 2;
}

} // namespace deid::faceswap
