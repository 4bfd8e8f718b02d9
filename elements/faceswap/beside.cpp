#include "elements/base/one_thread.hpp"
#include "elements/faceswap/swapper.hpp"
#include "elements/faceswap/tuning.hpp"

/// Swapper: runs of networks beside the drawing, on a second core. Each counts in the next frame, so the
/// results do not depend on the speed of the computer. A run that decides whether a first result may leave is
/// never among them.
namespace deid::faceswap {

/// Returns whether the check that is due may run beside the drawing: the last check passed, it is not too
/// long ago, and the swap has its full weight.
bool Swapper::may_run_beside(const FaceContext& context, const Subject& subject) const {
  const VerifyOptions options = verify_of(context, subject);
  return context.settings.beside && !beside_ && runs_left_ > 0 && context.step.blend_weight >= 1 &&
         subject.targets_tried && !subject.verifier.pending(options) && !subject.verifier.overdue(options);
}

/// Begins to describe the result as it leaves.
void Swapper::begin_check(const FaceContext& context, const Subject& subject, const cover::Overlay& overlay) {
  FaceCrop crop = crop_face(context.original, context.state.render.landmarks.points, context.mask().bounds);
  --runs_left_;
  ++counters_.described;
  beside_ = {context.id, *subject.target, 0,
             std::async(std::launch::async, [this, crop = std::move(crop), mask = context.mask(),
                                             picture = Picture{overlay.rgb, overlay.alpha}] {
               return on_one_thread([&] {
                 const cv::Mat result = as_it_leaves(crop, mask, style(), picture);
                 return Observation{networks_.describer->describe(result, crop.landmarks),
                                    {},
                                    false,
                                    describe_again(result, crop.landmarks)};
               });
             })};
}

/// Ends the check of this face that ran beside the drawing. Returns the verdict when it is good. A verdict
/// that is not good makes a check due at once, which sees this frame and acts.
std::optional<Verdict> Swapper::end_check(const FaceContext& context, Subject& subject) {
  if (!beside_ || beside_->face != context.id || !beside_->target)
    return {};
  const std::size_t target = *beside_->target;
  const Observation seen = take_beside();
  const Verdict verdict = verdict_on(*seen.descriptor, seen.second, subject);
  const VerifyOptions options = verify_of(context, subject);
  if (subject.verifier.pending(options)) // something came before the face since then, or a setting changed
    return {};
  VerifyOptions with_hands = options;
  if (context.state.hands.drawn())
    with_hands.least += context.state.hands.slack();
  if (target != *subject.target || !subject.verifier.good(verdict, with_hands)) {
    subject.verifier.invalidate();
    return {};
  }
  subject.verifier.judge(verdict, options, false);
  count(verdict);
  return verdict;
}

/// Begins to observe a person beside the drawing: one who is known, and whom nothing suspicious was seen of.
/// Returns false when the observation must not wait.
bool Swapper::observe_beside(const video::FrameView& original, const FaceRegion& face,
                             const SwapSettings& settings) {
  const FaceState& state = faces_.at(face.id);
  const Subject* who = subject(face.id);
  if (!settings.beside || beside_ || state.identity.suspected || who == nullptr ||
      !who->original.descriptor || who->strange > 0)
    return false;
  --runs_left_;
  ++counters_.described;
  beside_ = {face.id,
             {},
             0,
             std::async(std::launch::async, [this, crop = crop_face(original, face.landmarks),
                                             sure = sure_observation(face, original)] {
               return on_one_thread([&] {
                 return Observation{networks_.describer->describe(crop.rgb, crop.landmarks),
                                    skin_tone(crop.rgb, crop.landmarks), sure,
                                    describe_again(crop.rgb, crop.landmarks)};
               });
             })};
  return true;
}

/// Returns the observation of this face that began in the frame before.
std::optional<Observation> Swapper::end_observation(const FaceRegion& face) {
  if (!beside_ || beside_->face != face.id || beside_->target)
    return {};
  return take_beside();
}

/// Waits for the run beside the drawing and returns what it found.
Observation Swapper::take_beside() {
  Beside done = std::move(*beside_);
  beside_.reset();
  return done.run.get();
}

/// Begins to find the landmarks of a result. The correction learns them in the next frame.
void Swapper::begin_correction(const FaceContext& context, const Subject& subject,
                               const cover::Overlay& overlay) {
  if (locating_) // of another face
    return;
  const Memory& memory = context.state.render.memory;
  FaceCrop crop = crop_face(context.original, memory.meant, context.mask().bounds);
  Points meant = crop.landmarks;
  locating_ = {
      context.id,
      *subject.target,
      memory.correction.looks(),
      0,
      std::move(meant),
      std::async(std::launch::async, [landmarker = networks_.landmarker.get(), crop = std::move(crop),
                                      mask = context.mask(), picture = Picture{overlay.rgb, overlay.alpha}] {
        return on_one_thread(
            [&] { return landmarker->locate(as_it_leaves(crop, mask, style(), picture), crop.landmarks); });
      })};
}

/// Ends the run of the landmarker on this face that began in the frame before.
void Swapper::end_correction(const FaceContext& context, const Subject& subject) {
  if (!locating_ || locating_->face != context.id)
    return;
  Locating done = std::move(*locating_);
  locating_.reset();
  Correction& correction = context.state.render.memory.correction;
  const auto seen = done.run.get();
  if (seen && done.target == *subject.target && done.looks == correction.looks())
    correction.learn(done.meant, *seen, tuning::results::later_gain);
}

/// Ends the runs that nothing takes any more, because nothing was drawn on their faces in this frame.
void Swapper::end_beside() {
  if (beside_ && ++beside_->frames > 1)
    (void)take_beside();
  if (locating_ && ++locating_->frames > 1)
    locating_.reset(); // waits for it
}

} // namespace deid::faceswap
