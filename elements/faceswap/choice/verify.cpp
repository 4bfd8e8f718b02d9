#include "elements/faceswap/choice/verify.hpp"
#include <algorithm>
#include <array>

namespace deid::faceswap {

namespace {

/// Of geometry, for a result that fails. Smaller steps need more runs of the describer in one frame.
constexpr float step = .25F;
/// dlib distance beyond `least` that a person needs after a failure. With 0 a person near the limit flickers.
constexpr double slack = .01;
/// Frames after which a person keeps the target.
constexpr int shown_for_long = 50;
/// Frames of blur after a failure, the first time and at most. A try afterwards costs as much as a normal
/// check.
constexpr int first_hold = 15, longest_hold = 60;

/// dlib distance. A result that passes by less gets more geometry while it is shown: results vary between two
/// checks, and another recogniser with landmarks of its own may see the result nearer (dlib's own landmarks:
/// .014 farther on average, standard deviation .033).
constexpr double margin = .1;
/// Of geometry in one frame. A viewer does not see steps of this size.
constexpr float small_step = .05F;
/// Of geometry, for a margin alone. Up to here the outline stays the person's. Beyond, expression is measured
/// ever worse and the distance hardly grows (a speaking face of 222 px, between 0 and 1: .9 % of the eyes'
/// distance and 1.6 degrees of gaze).
constexpr float most_for_margin = .5F;
/// Checks in a row that must pass by `plenty` (dlib distance) before geometry goes back by a small step.
/// `plenty` exceeds `margin` by far more than a step moves the distance (.01), so geometry does not go to and
/// fro.
constexpr int checks_to_go_back = 4;
constexpr double plenty = .15;

/// Frames to the next check of a result that passed by less than `by` (dlib distance), the least first.
struct Soon {
  double by;
  int frames;
};
constexpr std::array<Soon, 2> sooner{{{.1, 3}, {.15, 5}}};

} // namespace

float Verifier::geometry(const VerifyOptions& options) const {
  return std::min(1.F, options.raise ? std::max(options.geometry, now_) : options.geometry);
}

bool Verifier::raises_gently(const VerifyOptions& options) const {
  return options.raise && geometry(options) < most_for_margin;
}

bool Verifier::due(const VerifyOptions& options) const {
  return options.every > 0 && (!passed_ || since_ >= options.every);
}

bool Verifier::overdue(const VerifyOptions& options) const {
  return options.every > 0 && since_ >= 2 * options.every;
}

bool Verifier::good(const Verdict& verdict, const VerifyOptions& options) const {
  const double least = options.least + (failed_ ? slack : 0);
  if (!(verdict.distance >= least)) // also for a distance that is NaN
    return false;
  return verdict.rank.strangers < std::max(1, options.least_gallery) || verdict.rank.place > 1;
}

/// Takes a result that passed, and decides the next geometry.
void Verifier::pass(double distance, const VerifyOptions& options) {
  failed_ = false;
  next_hold_ = std::max(first_hold, next_hold_ / 2);
  easy_ = distance >= options.least + plenty ? easy_ + 1 : 0;
  const float now = geometry(options);
  if (options.raise && now < most_for_margin && distance < options.least + margin) {
    now_ = now;
    raised_ = std::min(most_for_margin, now + step);
  } else if (easy_ >= checks_to_go_back) {
    easy_ = 0;
    raised_ = std::max(0.F, raised_ - small_step);
  }
  const auto near =
      std::ranges::find_if(sooner, [&](const Soon& soon) { return distance < options.least + soon.by; });
  if (near != sooner.end())
    since_ = std::max(0, options.every - near->frames);
}

Act Verifier::judge(const Verdict& verdict, const VerifyOptions& options, bool other) {
  last_ = verdict;
  since_ = 0;
  passed_ = good(verdict, options);
  if (passed_) {
    pass(verdict.distance, options);
    return Act::show;
  }
  const float now = geometry(options);
  failed_ = true;
  easy_ = 0;
  if (options.raise && now < 1) {
    now_ = raised_ = std::min(1.F, now + step);
    return Act::raise;
  }
  if (other && shown_ < shown_for_long)
    return Act::reassign;
  hold_ = next_hold_;
  next_hold_ = std::min(longest_hold, 2 * next_hold_);
  return Act::cover;
}

void Verifier::restart() {
  const int shown = shown_;
  *this = {};
  shown_ = shown;
}

void Verifier::frame(bool shown) {
  hold_ = std::max(0, hold_ - 1);
  if (!shown)
    return;
  ++since_;
  ++shown_;
  now_ = now_ < raised_ ? std::min(raised_, now_ + small_step) : std::max(raised_, now_ - small_step);
}

} // namespace deid::faceswap
