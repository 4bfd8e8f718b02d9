#include "elements/faceswap/choice/verify.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>

namespace deid::faceswap {

namespace {

/// Returns whether a judge finds the result far enough from the person, and some stranger nearer to it. dlib:
/// the distance in dlib's unit.
bool passes(double distance, double dlib, const Rank& rank, double least, const VerifyOptions& options) {
  if (!(distance >= least)) // also for a distance that is NaN
    return false;
  return rank.strangers < std::max(1, options.least_gallery) || rank.place > 1 || dlib >= options.rank_below;
}

/// Returns how far beyond the limit a result lies for the stricter judge, in dlib's unit.
double beyond_limit(const Verdict& verdict, const VerifyOptions& options) {
  const double first = verdict.distance - options.least;
  if (!verdict.second)
    return first;
  return std::min(first, in_dlib(verdict.second->distance) - in_dlib(options.second_least));
}

} // namespace

float Verifier::geometry(const VerifyOptions& options) const {
  return std::min(1.F, options.raise ? std::max(options.geometry, now_) : options.geometry);
}

bool Verifier::raises_gently(const VerifyOptions& options) const {
  return options.raise && geometry(options) < tuning::verify::most_for_margin;
}

bool Verifier::due(const VerifyOptions& options) const {
  return options.every > 0 && (!passed_ || since_ >= options.every);
}

bool Verifier::overdue(const VerifyOptions& options) const {
  return options.every > 0 && since_ >= 2 * options.every;
}

bool Verifier::good(const Verdict& verdict, const VerifyOptions& options) const {
  const double more = failed_ ? tuning::verify::slack : 0;
  if (verdict.second && options.second_covers &&
      !passes(verdict.second->distance, in_dlib(verdict.second->distance), verdict.second->rank,
              options.second_least + more, options))
    return false;
  return passes(verdict.distance, verdict.distance, verdict.rank, options.least + more, options);
}

/// Takes a result that passed, and decides the next geometry and check. A judge who covers nothing asks for
/// no sooner check: it could not change what is shown.
void Verifier::pass(const Verdict& verdict, const VerifyOptions& options) {
  const double beyond = beyond_limit(verdict, options);
  failed_ = false;
  next_hold_ = std::max(tuning::verify::first_hold, next_hold_ / 2);
  easy_ = beyond >= tuning::verify::plenty ? easy_ + 1 : 0;
  const float now = geometry(options);
  if (options.raise && now < tuning::verify::most_for_margin && beyond < tuning::verify::margin) {
    now_ = now;
    raised_ = std::min(tuning::verify::most_for_margin, now + tuning::verify::step);
  } else if (easy_ >= tuning::verify::checks_to_go_back) {
    easy_ = 0;
    raised_ = std::max(0.F, raised_ - tuning::verify::small_step);
  }
  const double to_cover = options.second_covers ? beyond : verdict.distance - options.least;
  const auto near = std::ranges::find_if(
      tuning::verify::sooner, [&](const tuning::verify::Soon& soon) { return to_cover < soon.by; });
  if (near != tuning::verify::sooner.end())
    since_ = std::max(0, options.every - near->frames);
}

Act Verifier::judge(const Verdict& verdict, const VerifyOptions& options, bool other) {
  last_ = verdict;
  since_ = 0;
  passed_ = good(verdict, options);
  if (passed_) {
    pass(verdict, options);
    return Act::show;
  }
  const float now = geometry(options);
  failed_ = true;
  easy_ = 0;
  if (options.raise && now < 1) {
    now_ = raised_ = std::min(1.F, now + tuning::verify::step);
    return Act::raise;
  }
  if (other && shown_ < tuning::verify::shown_for_long)
    return Act::reassign;
  hold_ = next_hold_;
  next_hold_ = std::min(tuning::verify::longest_hold, 2 * next_hold_);
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
  now_ = now_ < raised_ ? std::min(raised_, now_ + tuning::verify::small_step)
                        : std::max(raised_, now_ - tuning::verify::small_step);
}

} // namespace deid::faceswap
