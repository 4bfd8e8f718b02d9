#include "elements/faceswap/swapper.hpp"
#include "elements/faceswap/tuning.hpp"
#include <algorithm>

/// Swapper: the comparison of targets by their results, before a person is shown for the first time.
namespace deid::faceswap {

namespace {

/// Returns the rival with the best result. Requires at least one rival. A rival without a result counts as
/// the worst, the first of equals wins.
const Choice& best_of(std::span<const Choice> rivals, const std::map<std::size_t, double>& worth) {
  const Choice* best = &rivals.front();
  std::optional<double> most;
  for (const Choice& rival : rivals) {
    const auto found = worth.find(rival.target);
    if (found == worth.end() || (most && !(found->second > *most))) // true for NaN
      continue;
    most = found->second;
    best = &rival;
  }
  return *best;
}

} // namespace

/// Draws one target on this face and returns the worth of the result. A result that fails the check is worth
/// less than every result that passes. The face stays covered. Live, the
/// result is not corrected: that takes three times as long as the rest.
double Swapper::worth_of_result(const FaceContext& context, Subject& subject, std::size_t target) {
  Memory& memory = context.state.render.memory;
  const std::optional<std::size_t> own = std::exchange(subject.target, target);
  memory = {}; // it belongs to one target
  cover::Overlay overlay = composed(context, subject, 1);
  if (!context.settings.beside)
    correct(context, subject, overlay);
  const Verdict verdict = verdict_of(context, subject, overlay);
  double worth = tracker_->worth_of(subject, verdict);
  if (subject.verifier.good(verdict, verify_of(context, subject)))
    subject.trials.any_passed = true;
  else
    worth -= tuning::choice::for_failing;
  memory = {};
  subject.target = own;
  return worth;
}

/// Returns the targets to compare. When each of the best ones was tried and none passes, the best without
/// regard to looks join them: looks are kept only where they hide the person.
std::vector<Choice> Swapper::rivals_of(const FaceContext& context, Subject& subject) const {
  const TrackingOptions options = context.settings.tracking();
  std::vector<Choice> rivals = tracker_->rivals(subject, tuning::results::most_rivals, options);
  Trials& trials = subject.trials;
  const auto tried = [&](const Choice& rival) { return trials.worth.contains(rival.target); };
  trials.in_vain = trials.in_vain || (!trials.any_passed && std::ranges::all_of(rivals, tried));
  if (!trials.in_vain || !subject.original.looks)
    return rivals;
  Subject plain = subject;
  plain.original.looks.reset();
  for (const Choice& rival : tracker_->rivals(plain, tuning::results::most_rivals + 1, options))
    if (std::ranges::find(rivals, rival.target, &Choice::target) == rivals.end())
      rivals.push_back(rival);
  return rivals;
}

/// Tries the next target that was not tried. Returns false when there is none.
bool Swapper::try_next(const FaceContext& context, Subject& subject, std::span<const Choice> rivals) {
  const auto next = std::ranges::find_if(
      rivals, [&](const Choice& rival) { return !subject.trials.worth.contains(rival.target); });
  if (next == rivals.end())
    return false;
  subject.trials.worth[next->target] = worth_of_result(context, subject, next->target);
  return true;
}

/// Tries one target in every second frame: live, a trial costs more than the time of a frame. Returns whether
/// all targets were tried, and the check may begin.
bool Swapper::try_in_turn(const FaceContext& context, Subject& subject, std::span<const Choice> rivals) {
  if (subject.trials.rest > 0) {
    --subject.trials.rest;
    return false;
  }
  if (!try_next(context, subject, rivals))
    return true;
  subject.trials.rest = tuning::results::trial_every - 1;
  return false;
}

/// Tries the targets in this frame, as far as it has runs for them and for a check. Returns whether all were
/// tried.
bool Swapper::try_at_once(const FaceContext& context, Subject& subject) {
  if (subject.trials.worth.empty() && runs_left_ <= static_cast<int>(rivals_of(context, subject).size()))
    return false;
  while (runs_left_ > 1)
    if (!try_next(context, subject, rivals_of(context, subject)))
      return true;
  return false;
}

/// Tries the best targets on this face before the first frame is shown, and keeps the best result: two faces
/// that are equally far from a person do not hide the person equally well. Returns false when
/// trials are left for later frames, or this frame has not enough runs for the trials and a check.
bool Swapper::try_targets(const FaceContext& context, Subject& subject) {
  if (tracker_->rivals(subject, tuning::results::most_rivals, context.settings.tracking()).size() >= 2) {
    const bool tried = context.settings.beside ? try_in_turn(context, subject, rivals_of(context, subject))
                                               : try_at_once(context, subject);
    if (!tried)
      return false;
  }
  const std::vector<Choice> rivals = rivals_of(context, subject);
  subject.targets_tried = true;
  const Trials trials = std::exchange(subject.trials, {});
  if (rivals.size() < 2)
    return true;
  const Choice first = subject.choice, best = best_of(rivals, trials.worth);
  subject.target = best.target;
  subject.choice = best;
  if (best.target != first.target)
    context.events.push_back({SwapEvent::Kind::reassigned,
                              context.id,
                              Reason::none,
                              targets_.at(best.target).name,
                              best.distance,
                              {},
                              0,
                              {},
                              tracker_->targets().unlike(best.target, subject.original)});
  return true;
}

} // namespace deid::faceswap
