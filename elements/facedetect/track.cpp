#include "elements/facedetect/track.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"

namespace deid::facedetect {

namespace {

/// Returns the velocity after a detection at `box`. It is known only from one frame to the next: a second
/// detection in one frame and a face that was lost give none.
cv::Point2f velocity_to(const Track& track, const cv::Rect2f& box, Step step) {
  if (!track.due() || step.apart)
    return {};
  const cv::Point2f moved = (center(box) - center(track.box)) / static_cast<float>(step.beats);
  return track.velocity * (1 - tuning::velocity_weight) + moved * tuning::velocity_weight;
}

void update(Trust& trust, const Followed& seen, Step step) {
  if (seen.by_detector)
    trust.detector_score = seen.score;
  trust.doubtful = seen.doubtful;
  const bool sure = seen.mesh && !seen.doubtful && seen.mesh->presence > tuning::sure_presence;
  trust.unsure_for = sure ? 0 : trust.unsure_for + 1;
  if (sure)
    trust.sure_box = seen.box;
  trust.unconfirmed = seen.by_detector ? 0 : trust.unconfirmed + step.beats;
  const bool supported = seen.supported || (seen.by_detector && seen.strong) || (seen.mesh && !seen.doubtful);
  trust.unsupported = supported ? 0 : trust.unsupported + step.beats;
  if (seen.by_detector)
    trust.strong_only = seen.strong && !seen.mesh;
  ++trust.frames_seen;
}

/// State: TrackState, const or not.
template <class State> auto absence_in(State& state) -> decltype(&std::get_if<Lost>(&state)->absence) {
  if (auto* lost = std::get_if<Lost>(&state))
    return &lost->absence;
  auto* waiting = std::get_if<Waiting>(&state);
  return waiting == nullptr ? nullptr : &waiting->absence;
}

} // namespace

const Absence* Track::absence() const {
  return absence_in(state);
}

Absence* Track::absence() {
  return absence_in(state);
}

const models::FaceMeshResult* Track::mesh() const {
  const Seen* seen = std::get_if<Seen>(&state);
  return seen != nullptr && seen->mesh ? &*seen->mesh : nullptr;
}

void begin_frame(Track& track) {
  track.now = {};
  if (const Seen* seen = std::get_if<Seen>(&track.state))
    track.state = Due{seen->mesh.has_value(), seen->covered_too};
}

void seat(Track& track, const Followed& seen, Step step) {
  track.velocity = velocity_to(track, seen.box, step);
  track.box = seen.box;
  track.roll = seen.roll;
  track.score = seen.score;
  update(track.trust, seen, step);
  track.now.found_again = track.now.found_again || track.lost(); // a second update in one frame keeps it
  track.now.vanished = false;
  track.state = Seen{seen.origin, seen.mesh, seen.covered_too, false};
}

void lose(Track& track, Step step) {
  if (!track.lost())
    track.state = Lost{{.last_box = track.box, .anchor = track.box, .covered_too = covered_too(track)}};
  track.absence()->beats += step.beats;
  ++track.absence()->frames;
}

void give_way(Track& track) {
  const cv::Rect2f& expected = track.now.expected;
  track.state = Lost{
      {.last_box = expected, .anchor = expected, .beats = 1, .frames = 1, .covered_too = covered_too(track)}};
  track.box = expected;
  track.velocity = track.now.expected_velocity;
  track.now.found_again = false;
}

Track waiting_copy(const Track& track, std::uint32_t id) {
  Track copy = track;
  copy.id = id;
  copy.state = Waiting{*track.absence()};
  return copy;
}

Track begin_track(std::uint32_t id, const Followed& seen, std::int64_t time) {
  Track track;
  seat(track, seen);
  track.id = id;
  track.last_seen = time;
  track.now.expected = track.box;
  track.now.born = true;
  return track;
}

cv::Rect2f covered_too(const Track& track) {
  return std::visit(
      [](const auto& state) {
        if constexpr (requires { state.absence; })
          return state.absence.covered_too;
        else
          return state.covered_too;
      },
      track.state);
}

void cover_too(Track& track, const cv::Rect2f& box) {
  if (Seen* seen = std::get_if<Seen>(&track.state))
    seen->covered_too = seen->covered_too.empty() ? box : seen->covered_too | box;
}

cv::Rect2f covered_by(const Track& track) {
  const cv::Rect2f too = covered_too(track);
  return too.empty() ? track.box : track.box | too;
}

} // namespace deid::facedetect
