#include "elements/faceswap/choice/hands_trial.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {} // namespace

bool HandsTrial::frame(double share) {
  share_ = share;
  const bool tried_again = hold_ == 1 && share > 0;
  hold_ = std::max(0, hold_ - 1);
  checked_ = std::min(checked_, share);
  if (left_out() || (!tried_again && !(share > checked_ + tuning::hands_trial::step)))
    return false;
  checked_ = share;
  return true;
}

double HandsTrial::slack() const {
  return next_hold_ > 0 ? tuning::hands_trial::way_back : 0;
}

void HandsTrial::blame() {
  hold_ = next_hold_ =
      std::clamp(2 * next_hold_, tuning::hands_trial::first_hold, tuning::hands_trial::longest_hold);
}

void HandsTrial::clear() {
  next_hold_ /= 2;
}

} // namespace deid::faceswap
