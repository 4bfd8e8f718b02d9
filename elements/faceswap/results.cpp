#include "elements/faceswap/swapper.hpp"
#include "elements/faceswap/tuning.hpp"
#include <algorithm>

/// Swapper: the overlay of a face, and whether it may be shown.
namespace deid::faceswap {

namespace {

void add(const Verdict& verdict, audit::Outcome& outcome) {
  outcome.distance = verdict.distance;
  if (verdict.rank.strangers > 0)
    outcome.rank = verdict.rank;
  if (!verdict.second)
    return;
  outcome.second_distance = verdict.second->distance;
  if (verdict.second->rank.strangers > 0)
    outcome.second_rank = verdict.second->rank;
}

/// Returns whether any pixel of the overlay lies over the cover.
bool visible(const cover::Overlay& overlay, const cover::Mask& mask) {
  return cv::countNonZero(overlay.alpha & mask.mask) > 0;
}

/// Returns no overlay and says why: nothing would be visible.
std::optional<cover::Overlay> not_drawn(Reason& why) {
  why = Reason::not_drawn;
  return {};
}

/// Returns whether a face without an overlay waits: for a run, for its turn, or for something to draw. A face
/// that waits does not fade in again.
bool waits(Reason reason) {
  return reason == Reason::none || reason == Reason::choosing || reason == Reason::not_drawn;
}

/// Returns the trial of the hands that are drawn before this face; null when none are.
HandsTrial* drawn_hands(HandsTrial& hands) {
  return hands.drawn() ? &hands : nullptr;
}

} // namespace

/// Returns the swap of this face, or the cover alone and why.
cover::Overlay Swapper::render_or_cover(const FaceContext& context) {
  Subject* subject = tracker_->subject(context.state.identity);
  Reason reason = context.step.reason;
  std::optional<cover::Overlay> overlay;
  if (context.step.blend_weight > 0 && subject != nullptr && subject->target) {
    overlay = swapped(context, *subject, reason);
    if (overlay)
      subject->targets_tried = true; // a person who was seen with this target keeps it
    else if (!waits(reason))
      context.state.gate = SwapGate::covered(context.state.gate);
  }
  if (subject != nullptr)
    subject->verifier.frame(overlay.has_value());
  if (overlay) {
    ++counters_.swapped;
    return std::move(*overlay);
  }
  ++counters_.blurred;
  cover::Overlay none;
  none.outcome.reason = reason == Reason::none ? Reason::soon : reason;
  if (reason == Reason::result_too_close && subject != nullptr && subject->verifier.last())
    add(*subject->verifier.last(), none.outcome);
  return none;
}

/// Returns the options of the settings, without geometry when the painter moves no features.
VerifyOptions Swapper::verify_of(const FaceContext& context, const Subject& subject) const {
  VerifyOptions options = context.settings.verify;
  if (!people_)
    options.rank_below = tuning::verify::far_from_composites;
  if (!targets_.at(*subject.target).painter->moves_features()) {
    options.raise = false;
    options.geometry = 0;
  }
  return options;
}

cover::Overlay Swapper::composed(const FaceContext& context, const Subject& subject,
                                 float blend_weight) const {
  ComposeOptions how = context.settings.compose;
  how.draw.geometry = subject.verifier.geometry(verify_of(context, subject));
  SwapGate::Step step = context.step;
  step.blend_weight = blend_weight;
  const std::span<const SeenHand> hands =
      context.state.hands.left_out() ? std::span<const SeenHand>() : std::span<const SeenHand>(hands_);
  cover::Overlay overlay = compose(targets_.at(*subject.target), context.original, context.plan,
                                   context.index, step, context.state.render, how, hands);
  overlay.outcome.geometry = static_cast<double>(how.draw.geometry);
  return overlay;
}

/// Returns the swap of this face, or nothing when it may not be shown. why: then says the reason;
/// Reason::none when the face waits for a run.
bool Swapper::check_is_due(const FaceContext& context, const Subject& subject) const {
  return subject.verifier.due(verify_of(context, subject)) && context.step.reason == Reason::none &&
         subject.original.descriptor && (!networks_.second || subject.original.second);
}

std::optional<cover::Overlay> Swapper::swapped(const FaceContext& context, Subject& subject, Reason& why) {
  if (!context.settings.draws) {
    why = Reason::busy;
    return {};
  }
  if (context.settings.compose.opacity <= 0)
    return not_drawn(why);
  const std::optional<Verdict> passed = end_check(context, subject);
  const bool due = check_is_due(context, subject);
  if (!due || may_run_beside(context, subject)) {
    auto overlay = unverified(context, subject, why);
    if (overlay && due)
      begin_check(context, subject, *overlay);
    if (overlay && passed)
      say(*passed, subject, overlay->outcome);
    return overlay;
  }
  if (runs_left_ <= 0) {
    wait(context);
    return unverified(context, subject, why);
  }
  const bool to_try =
      context.settings.pick && !tracker_->targets().trained(*subject.target) && !subject.targets_tried;
  if (to_try && !try_targets(context, subject)) { // a face that is shown now would change its target later
    wait(context);
    why = Reason::choosing;
    return {};
  }
  return verified(context, subject, why);
}

/// Returns the swap without a check, when none is due, or none is possible and the last one still holds.
std::optional<cover::Overlay> Swapper::unverified(const FaceContext& context, Subject& subject, Reason& why) {
  const VerifyOptions options = verify_of(context, subject);
  if (subject.verifier.pending(options) || subject.verifier.overdue(options))
    return {};
  cover::Overlay overlay = composed(context, subject, context.step.blend_weight);
  if (!visible(overlay, context.mask()))
    return not_drawn(why);
  if (context.step.blend_weight >= 1)
    correct(context, subject, overlay);
  return overlay;
}

/// Returns the swap once a check has passed it. A swap that fades in is verified as it will be at full
/// weight.
std::optional<cover::Overlay> Swapper::verified(const FaceContext& context, Subject& subject, Reason& why) {
  while (runs_left_ > 0) {
    cover::Overlay overlay = composed(context, subject, 1);
    if (!visible(overlay, context.mask()))
      return not_drawn(why);
    correct(context, subject, overlay);
    const Act act = check(context, subject, overlay);
    why = act == Act::show ? why : Reason::result_too_close;
    if (act == Act::cover)
      return {};
    if (act != Act::show)
      continue;
    if (context.step.blend_weight < 1) {
      overlay = composed(context, subject, context.step.blend_weight);
      say(*subject.verifier.last(), subject, overlay.outcome);
    }
    return overlay;
  }
  wait(context);
  return {};
}

/// Makes this face the first to get runs of the next frame, unless another face waits already.
void Swapper::wait(const FaceContext& context) {
  waiting_ = waiting_.value_or(context.id);
}

/// Returns whether the landmarker should run on the result of this frame, and counts the frame otherwise.
bool Swapper::correction_due(const FaceContext& context) const {
  Memory& memory = context.state.render.memory;
  const bool possible = networks_.landmarker && context.settings.correct && !memory.meant.empty() &&
                        context.settings.compose.opacity >= 1 && context.step.reason == Reason::none &&
                        !context.step.extrapolated();
  const int runs = memory.correction.looks();
  return possible && (runs == 0 || ++memory.since_look >= (runs < tuning::results::many_runs
                                                               ? tuning::results::run_every
                                                               : tuning::results::run_rarely));
}

/// Finds the landmarks of a full result and updates the correction. The first result is drawn again with the
/// new correction; later corrections change slowly.
void Swapper::correct(const FaceContext& context, const Subject& subject, cover::Overlay& overlay) {
  end_correction(context, subject);
  if (!correction_due(context))
    return;
  Memory& memory = context.state.render.memory;
  const bool first = memory.correction.looks() == 0;
  memory.since_look = 0;
  if (context.settings.beside && !first) {
    begin_correction(context, subject, overlay);
    return;
  }
  if (locating_)
    locating_->run.wait(); // one run at a time
  const int runs = first && !context.settings.beside ? tuning::results::first_runs : 1;
  for (int run = 0; run < runs; ++run) {
    const FaceCrop crop = crop_face(context.original, memory.meant, context.mask().bounds);
    const cv::Mat result = as_it_leaves(crop, context.mask(), style(), {overlay.rgb, overlay.alpha});
    const auto seen = networks_.landmarker->locate(result, crop.landmarks);
    if (!seen || !memory.correction.learn(crop.landmarks, *seen,
                                          first ? tuning::results::first_gain : tuning::results::later_gain))
      return;
    if (first)
      overlay = composed(context, subject, 1);
  }
}

/// Returns the findings of all judges. A second judge that sees nothing cannot say that the result is far
/// from the person, so its distance is 0.
Verdict Swapper::verdict_on(const Descriptor& result, const std::optional<FaceFeatures>& again,
                            const Subject& subject) const {
  Verdict verdict = tracker_->verdict(result, subject);
  if (again)
    verdict.second = tracker_->second_opinion(*again, subject);
  else if (networks_.second)
    verdict.second.emplace();
  return verdict;
}

/// Describes the result as it will leave, by all judges.
Verdict Swapper::verdict_of(const FaceContext& context, const Subject& subject,
                            const cover::Overlay& overlay) {
  const FaceCrop crop =
      crop_face(context.original, context.state.render.landmarks.points, context.mask().bounds);
  const cv::Mat result = as_it_leaves(crop, context.mask(), style(), {overlay.rgb, overlay.alpha});
  return verdict_on(describe(result, crop.landmarks), describe_again(result, crop.landmarks), subject);
}

/// Returns the verdict on the result with the hands before the face. When the hands are to blame for a
/// failure, returns the verdict without them, and `overlay` is drawn without them. Returns nothing when no
/// run is left to tell.
std::optional<Verdict> Swapper::verdict_with_hands(const FaceContext& context, const Subject& subject,
                                                   cover::Overlay& overlay) {
  const VerifyOptions options = verify_of(context, subject);
  const Verdict with = verdict_of(context, subject, overlay);
  HandsTrial* hands = drawn_hands(context.state.hands);
  if (hands == nullptr)
    return with;
  VerifyOptions with_hands = options;
  with_hands.least += hands->slack();
  if (subject.verifier.good(with, with_hands)) {
    hands->clear();
    return with;
  }
  // A hand hides a part of the swap, so a result near the limit gets geometry first, as without a hand.
  if (subject.verifier.raises_gently(options))
    return with;
  if (runs_left_ <= 0)
    return {};
  const HandsTrial before = *hands;
  hands->blame(); // the network may have taken the face for a hand
  cover::Overlay without = composed(context, subject, 1);
  const Verdict verdict = verdict_of(context, subject, without);
  if (!subject.verifier.good(verdict, options)) {
    *hands = before; // the result is also too close without hands
    return with;
  }
  overlay = std::move(without);
  return verdict;
}

/// Verifies the result as it will leave, and acts on the verdict.
Act Swapper::check(const FaceContext& context, Subject& subject, cover::Overlay& overlay) {
  const VerifyOptions options = verify_of(context, subject);
  const std::optional<Verdict> verdict = verdict_with_hands(context, subject, overlay);
  if (!verdict) {
    subject.verifier.invalidate();
    return Act::raise; // in the next frame
  }
  const float geometry = subject.verifier.geometry(options);
  const bool other = context.settings.pick && tracker_->other_for(subject, context.settings.tracking());
  const Act act = subject.verifier.judge(*verdict, options, other);
  if (act != Act::show) {
    ++counters_.verified;
    return refuse(context, subject, act, *verdict, geometry);
  }
  count(*verdict);
  say(*verdict, subject, overlay.outcome);
  return act;
}

/// Says of a swap that passed a check what the judges found, and in what the target is unlike the person.
void Swapper::say(const Verdict& verdict, const Subject& subject, audit::Outcome& outcome) const {
  add(verdict, outcome);
  outcome.unlike = tracker_->targets().unlike(*subject.target, subject.original);
}

/// Counts a result that passed.
void Swapper::count(const Verdict& verdict) {
  ++counters_.verified;
  const bool first = counters_.verified - counters_.refused == 1;
  counters_.worst = first ? verdict.distance : std::min(counters_.worst, verdict.distance);
  counters_.sum += verdict.distance;
  if (verdict.second)
    counters_.worst_second =
        first ? verdict.second->distance : std::min(counters_.worst_second, verdict.second->distance);
}

/// Acts on a result that is not shown. geometry: of that result.
Act Swapper::refuse(const FaceContext& context, Subject& subject, Act act, const Verdict& verdict,
                    float geometry) {
  ++counters_.refused;
  Verdict alone = verdict;
  alone.second.reset();
  if (verdict.second && subject.verifier.good(alone, verify_of(context, subject)))
    ++counters_.refused_by_second;
  SwapEvent event{SwapEvent::Kind::covered,
                  context.id,
                  Reason::result_too_close,
                  targets_.at(*subject.target).name,
                  verdict.distance,
                  verdict.rank,
                  geometry,
                  verdict.second};
  if (act == Act::reassign && tracker_->reassign(subject, context.settings.tracking())) {
    event.kind = SwapEvent::Kind::reassigned;
    context.state.render.memory = {}; // it belongs to the other target
    event.target = targets_.at(*subject.target).name;
    event.unlike = tracker_->targets().unlike(*subject.target, subject.original);
  } else if (act == Act::raise) {
    event.kind = SwapEvent::Kind::raised;
    event.geometry = subject.verifier.geometry(verify_of(context, subject));
  }
  context.events.push_back(event);
  return act;
}

} // namespace deid::faceswap
