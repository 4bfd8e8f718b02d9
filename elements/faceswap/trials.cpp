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
  if (!subject.verifier.good(verdict, verify_of(context, subject)))
    worth -= tuning::choice::for_failing;
  memory = {};
  subject.target = own;
  return worth;
}

/// Tries the next target when its turn has come. Live, a trial costs more than the time of a frame, so the
/// trials have a distance. Returns whether all targets were tried, and the check may begin.
bool Swapper::try_next(const FaceContext& context, Subject& subject, std::span<const Choice> rivals) {
  Trials& trials = subject.trials;
  if (trials.rest > 0) {
    --trials.rest;
    return false;
  }
  const auto next =
      std::ranges::find_if(rivals, [&](const Choice& rival) { return !trials.worth.contains(rival.target); });
  if (next == rivals.end())
    return true;
  trials.worth[next->target] = worth_of_result(context, subject, next->target);
  trials.rest = tuning::results::trial_every - 1;
  return false;
}

/// Tries the best targets on this face before the first frame is shown, and keeps the best result: two faces
/// that are equally far from a person do not hide the person equally well in this light. Returns false when
/// trials are left for later frames, or this frame has not enough runs for the trials and a check.
bool Swapper::try_targets(const FaceContext& context, Subject& subject) {
  const auto rivals = tracker_->rivals(subject, tuning::results::most_rivals, context.settings.tracking());
  if (rivals.size() >= 2) {
    if (context.settings.beside) {
      if (!try_next(context, subject, rivals))
        return false;
    } else {
      if (runs_left_ <= static_cast<int>(rivals.size()))
        return false;
      for (const Choice& rival : rivals)
        subject.trials.worth[rival.target] = worth_of_result(context, subject, rival.target);
    }
  }
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
