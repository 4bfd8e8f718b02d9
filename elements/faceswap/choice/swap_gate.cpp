#include "elements/faceswap/choice/swap_gate.hpp"
#include "elements/faceswap/choice/tuning.hpp"
#include <algorithm>
#include <cmath>

namespace deid::faceswap {

namespace {

int credit_after(int credit, float score) {
  return score >= score_to_begin ? std::min(tuning::gate::most_credit, credit + tuning::gate::credit_a_frame)
                                 : std::max(0, credit - 1);
}

/// A lost assignment closes the gate also without landmarks: the last landmarks must not be drawn with a
/// target that is gone.
Reason reason_of(const SwapGate::Input& input, float blend_weight) {
  if (input.assignment.target)
    return input.seen;
  return input.seen == Reason::none || blend_weight > 0 ? input.assignment.why : input.seen;
}

LandmarkSource source_of(Reason reason, bool visible_before, bool landmarks_kept) {
  if (reason == Reason::none || reason == Reason::turned || reason == Reason::unsure)
    return LandmarkSource::frame;
  return reason == Reason::no_landmarks && visible_before && landmarks_kept ? LandmarkSource::extrapolated
                                                                            : LandmarkSource::none;
}

bool open(const GateState& state, const SwapGate::Step& step, bool first) {
  if (step.reason == Reason::none)
    return first || state.swapped || !state.swapped_before || state.good >= tuning::gate::good_frames;
  return step.extrapolated() && state.swapped && state.extrapolated <= tuning::gate::most_extrapolated;
}

float faded(float blend_weight, bool in, int fade) {
  const float rate = fade > 0 ? 1.F / static_cast<float>(fade) : 1.F;
  return std::clamp(blend_weight + (in ? rate : -rate), 0.F, 1.F);
}

/// The first box without landmarks comes from another network, and its middle is another place of the face.
/// So only later boxes move the landmarks.
void move_along(const FaceRegion& face, int extrapolated, FaceLandmarks& landmarks) {
  const cv::Point2f moved = (face.box.tl() + face.box.br() - landmarks.box.tl() - landmarks.box.br()) / 2;
  if (extrapolated > 1 && std::hypot(moved.x, moved.y) < tuning::gate::most_shift * face.box.width)
    for (cv::Point3f& p : landmarks.points)
      p += cv::Point3f(moved.x, moved.y, 0);
}

} // namespace

Limits SwapGate::limits(const GateState& state, const SwapGateOptions& options) {
  return {options.max_angle + (state.swapped ? tuning::gate::open_slack : 0), least_score(state)};
}

float SwapGate::least_score(const GateState& state) {
  return state.credit > 0 ? score_to_go_on : score_to_begin;
}

SwapGate::Result SwapGate::step(const GateState& before, const Input& input, const SwapGateOptions& options) {
  GateState state = before;
  Step step;
  if (input.has_mesh) // a frame without a mesh gives no evidence about the face
    state.credit = credit_after(before.credit, input.score);
  step.reason = reason_of(input, before.blend_weight);
  step.landmarks = source_of(step.reason, before.blend_weight > 0, input.landmarks_kept);
  if (step.landmarks != LandmarkSource::none)
    state.extrapolated = step.extrapolated() ? before.extrapolated + 1 : 0;
  state.good = step.reason == Reason::none ? before.good + 1 : 0;
  const bool first = before.blend_weight < 0;
  state.swapped = open(state, step, first);
  const bool entrance = !before.swapped_before && ++state.waited <= tuning::gate::entrance_frames;
  state.first_swap = !before.swapped_before && state.swapped;
  state.swapped_before = before.swapped_before || state.swapped;
  const bool drawable = step.landmarks != LandmarkSource::none;
  if (first || !drawable || entrance)
    state.blend_weight = drawable && state.swapped ? 1.F : 0.F;
  else
    state.blend_weight = faded(before.blend_weight, state.swapped, options.fade);
  step.blend_weight = state.blend_weight;
  return {state, step};
}

GateState SwapGate::covered(const GateState& state) {
  GateState after = state;
  after.blend_weight = 0;
  after.swapped = false;
  after.good = 0;
  after.swapped_before = state.swapped_before && !state.first_swap;
  return after;
}

SwapGate::Step SwapGate::frame(const FaceRegion& face, std::span<const FaceRegion> others, cv::Size size,
                               const Assignment& assignment, const SwapGateOptions& options, GateState& state,
                               FaceLandmarks& landmarks) {
  const Input input{judge(face, others, size, limits(state, options)), assignment, has_mesh(face), face.score,
                    !landmarks.points.empty()};
  const Result result = step(state, input, options);
  switch (result.step.landmarks) {
  case LandmarkSource::frame:
    landmarks.points = face.landmarks;
    break;
  case LandmarkSource::extrapolated:
    move_along(face, result.state.extrapolated, landmarks);
    break;
  case LandmarkSource::none:
    landmarks.points.clear();
    break;
  }
  landmarks.box = face.box;
  state = result.state;
  return result.step;
}

} // namespace deid::faceswap
