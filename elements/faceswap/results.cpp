#include "elements/faceswap/swapper.hpp"
#include <algorithm>
#include <array>
#include <cstdio>

/// What a Swapper draws over a face, and whether it may be shown.
namespace deid::faceswap {

namespace {

constexpr int first_looks = 3,
              many_looks = 9; ///< at the first result; in all, after which little is left to learn
constexpr int look_every = 5, look_rarely = 15; ///< frames, before and after that
constexpr float first_gain = 0.8F, later_gain = 0.2F;
constexpr std::size_t most_rivals = 3; ///< targets that are compared by their results

std::string text(const char* format, double value) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

std::string finding(const Verdict& verdict) {
  std::string said = text(", distance %.3f", verdict.distance);
  if (verdict.rank.strangers > 0) {
    said += ", rank " + std::to_string(verdict.rank.place);
    said += " of " + std::to_string(verdict.rank.strangers + 1);
  }
  return said;
}

/// Whether anything of it lies over the cover.
bool visible(const cover::Overlay& overlay, const cover::Mask& mask) {
  return cv::countNonZero(overlay.alpha & mask.mask) > 0;
}

/// The cover alone stays, and is what the audit says.
std::optional<cover::Overlay> nothing(Reason& why) {
  why = Reason::not_drawn;
  return {};
}

} // namespace

/// What is drawn over this face, or why it stays covered.
cover::Overlay Swapper::render_or_cover(const FaceContext& context) {
  Subject* subject = tracker_->subject(context.id);
  Reason reason = context.step.reason;
  std::optional<cover::Overlay> overlay;
  if (context.step.blend_weight > 0 && subject != nullptr && subject->target) {
    overlay = swapped(context, *subject, reason);
    const bool waits = reason == Reason::none || reason == Reason::choosing || // for a run, and in turn
                       reason == Reason::not_drawn;
    if (overlay)
      subject->targets_tried = true; // whoever was seen with this target keeps it
    else if (!waits)
      gate_.cover(context.id);
  }
  if (subject != nullptr)
    subject->verifier.frame(overlay.has_value());
  if (overlay) {
    ++counters_.swapped;
    return std::move(*overlay);
  }
  ++counters_.blurred;
  std::string why = std::string("average (") + (reason == Reason::none ? "soon" : to_string(reason));
  if (reason == Reason::result_too_close && subject != nullptr && subject->verifier.last())
    why += finding(*subject->verifier.last());
  return {{}, {}, why + ")"};
}

VerifyOptions Swapper::verify_of(const FaceContext& context, const Subject& subject) const {
  VerifyOptions options = context.settings.verify;
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
  const auto trial = trials_.find(context.id);
  const bool with_hands = trial != trials_.end() && !trial->second.left_out();
  cover::Overlay overlay =
      compose(targets_.at(*subject.target), context.original, context.plan, context.index, step, how,
              with_hands ? std::span<const SeenHand>(hands_) : std::span<const SeenHand>());
  if (how.draw.geometry > 0)
    overlay.done += text(", geometry %.2f", static_cast<double>(how.draw.geometry));
  return overlay;
}

/// Nothing when the result may not be shown; why: then says the reason, `none` when it waits for a run.
std::optional<cover::Overlay> Swapper::swapped(const FaceContext& context, Subject& subject, Reason& why) {
  if (context.settings.compose.opacity <= 0)
    return nothing(why);
  const VerifyOptions options = verify_of(context, subject);
  const bool possible = context.step.reason == Reason::none && subject.original.descriptor;
  const bool due = subject.verifier.due(options) && possible;
  if (due && looks_left_ <= 0)
    wait(context);
  if (!due || looks_left_ <= 0) {
    if (subject.verifier.pending(options) || subject.verifier.overdue(options))
      return {};
    cover::Overlay overlay = composed(context, subject, context.step.blend_weight);
    if (!visible(overlay, context.mask()))
      return nothing(why);
    if (context.step.blend_weight >= 1)
      correct(context, subject, overlay);
    return overlay;
  }
  if (context.settings.pick && !tracker_->trained(*subject.target) && !subject.targets_tried &&
      !try_targets(context, subject)) { // shown without it, the target would change later
    wait(context);
    why = Reason::choosing;
    return {};
  }
  while (looks_left_ > 0) {
    cover::Overlay overlay = composed(context, subject, 1); // as it will be when it has faded in
    if (!visible(overlay, context.mask()))
      return nothing(why);
    correct(context, subject, overlay);
    const Act act = check(context, subject, overlay);
    why = act == Act::show ? why : Reason::result_too_close;
    if (act == Act::cover)
      return {};
    if (act != Act::show)
      continue;
    if (context.step.blend_weight < 1) {
      const std::string found = finding(*subject.verifier.last());
      overlay = composed(context, subject, context.step.blend_weight);
      overlay.done += found;
    }
    return overlay;
  }
  wait(context);
  return {};
}

/// This face is the first to get runs of the next frame, unless another waits already.
void Swapper::wait(const FaceContext& context) {
  waiting_ = waiting_.value_or(context.id);
}

/// Sees where the features of a full result are and draws it anew when it is the first one; later results
/// follow slowly.
void Swapper::correct(const FaceContext& context, const Subject& subject, cover::Overlay& overlay) {
  Person& person = *context.step.person;
  Memory& memory = person.memory;
  const bool possible = networks_.landmarker && context.settings.correct && !memory.meant.empty() &&
                        context.settings.compose.opacity >= 1 && context.step.reason == Reason::none &&
                        !context.step.extrapolated;
  const bool first = memory.correction.looks() == 0;
  const int pause = memory.correction.looks() < many_looks ? look_every : look_rarely;
  if (!possible || (!first && ++memory.since_look < pause))
    return;
  memory.since_look = 0;
  for (int look = 0; look < (first ? first_looks : 1); ++look) {
    const FaceCrop crop = crop_face(context.original, memory.meant, context.mask().bounds);
    const cv::Mat result = as_it_leaves(crop, context.mask(), style(), {overlay.rgb, overlay.alpha});
    const auto seen = networks_.landmarker->look(result, crop.landmarks);
    if (!seen || !memory.correction.learn(crop.landmarks, *seen, first ? first_gain : later_gain))
      return;
    if (first)
      overlay = composed(context, subject, 1);
  }
}

/// What a recogniser says of the result as it will leave.
Verdict Swapper::look_of(const FaceContext& context, const Subject& subject, const cover::Overlay& overlay) {
  const FaceCrop crop = crop_face(context.original, context.step.person->landmarks, context.mask().bounds);
  const cv::Mat result = as_it_leaves(crop, context.mask(), style(), {overlay.rgb, overlay.alpha});
  return tracker_->verdict(describe(result, crop.landmarks), subject);
}

/// Two faces that are equally far from a person do not hide the person equally well: what counts is what each
/// makes of this face, in this light. Before the first frame is shown the best targets are tried on it; false
/// when this frame has not the runs for it and for a check.
bool Swapper::try_targets(const FaceContext& context, Subject& subject) {
  const auto rivals = tracker_->rivals(subject, most_rivals, context.settings.tracker());
  if (rivals.size() >= 2 && looks_left_ <= static_cast<int>(rivals.size()))
    return false;
  subject.targets_tried = true;
  if (rivals.size() < 2)
    return true;
  const Choice first = subject.choice;
  Choice best = first;
  std::optional<double> most;
  for (const Choice& rival : rivals) {
    subject.target = rival.target;
    context.step.person->memory = {}; // is learned on one target
    cover::Overlay overlay = composed(context, subject, 1);
    correct(context, subject, overlay);
    const double worth = tracker_->worth_of(subject, look_of(context, subject, overlay));
    if (!most || worth > *most) { // what is no number is not better
      most = worth;
      best = rival;
    }
  }
  context.step.person->memory = {};
  subject.target = best.target;
  subject.choice = best;
  if (best.target != first.target)
    context.events.push_back({SwapEvent::Kind::reassigned,
                              context.id,
                              Reason::none,
                              targets_.at(best.target).name,
                              best.distance,
                              {},
                              0});
  return true;
}

/// What a recogniser says of the result with the hands before it, and when they are to blame for it, without
/// them; then `overlay` is drawn without. Nothing when a run is missing to tell.
std::optional<Verdict> Swapper::verdict_on(const FaceContext& context, const Subject& subject,
                                           cover::Overlay& overlay) {
  const VerifyOptions options = verify_of(context, subject);
  const Verdict with = look_of(context, subject, overlay);
  HandsTrial* hands = hands_before(context.id);
  if (hands == nullptr)
    return with;
  VerifyOptions with_hands = options;
  with_hands.least += hands->slack();
  if (subject.verifier.good(with, with_hands)) {
    hands->clear();
    return with;
  }
  // Less of the swap is seen beside a hand, so what is near the limit gets geometry first, as without a hand.
  if (subject.verifier.raises_gently(options))
    return with;
  if (looks_left_ <= 0)
    return {};
  const HandsTrial before = *hands;
  hands->blame(); // what was taken for a hand may have been the face
  cover::Overlay without = composed(context, subject, 1);
  const Verdict verdict = look_of(context, subject, without);
  if (!subject.verifier.good(verdict, options)) {
    *hands = before; // it is too close anyhow
    return with;
  }
  overlay = std::move(without);
  return verdict;
}

/// Judges the result as it will leave, and does what follows from it.
Act Swapper::check(const FaceContext& context, Subject& subject, cover::Overlay& overlay) {
  const VerifyOptions options = verify_of(context, subject);
  const std::optional<Verdict> verdict = verdict_on(context, subject, overlay);
  if (!verdict) {
    subject.verifier.invalidate();
    return Act::raise; // in the next frame
  }
  const float geometry = subject.verifier.geometry(options);
  const Act act = subject.verifier.judge(
      *verdict, options, context.settings.pick && tracker_->other_for(subject, context.settings.tracker()));
  ++counters_.verified;
  if (act != Act::show)
    return refuse(context, subject, act, *verdict, geometry);
  const bool first = counters_.verified - counters_.refused == 1;
  counters_.worst = first ? verdict->distance : std::min(counters_.worst, verdict->distance);
  counters_.sum += verdict->distance;
  overlay.done += finding(*verdict);
  return act;
}

/// The result is not shown. geometry: what it was drawn with.
Act Swapper::refuse(const FaceContext& context, Subject& subject, Act act, const Verdict& verdict,
                    float geometry) {
  ++counters_.refused;
  SwapEvent event{SwapEvent::Kind::covered,
                  context.id,
                  Reason::result_too_close,
                  targets_.at(*subject.target).name,
                  verdict.distance,
                  verdict.rank,
                  geometry};
  if (act == Act::reassign && tracker_->reassign(subject, context.settings.tracker())) {
    event.kind = SwapEvent::Kind::reassigned;
    context.step.person->memory = {}; // was learned on the other target
    event.target = targets_.at(*subject.target).name;
  } else if (act == Act::raise) {
    event.kind = SwapEvent::Kind::raised;
    event.geometry = subject.verifier.geometry(verify_of(context, subject));
  }
  context.events.push_back(event);
  return act;
}

} // namespace deid::faceswap
