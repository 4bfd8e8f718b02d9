#include "elements/facedetect/face_follower.hpp"
#include "elements/facedetect/appearance.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/region.hpp"
#include "elements/facedetect/track_list.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <iterator>
#include <utility>

namespace deid::facedetect {

namespace {

bool had_mesh(const Track& track) {
  const Due* due = std::get_if<Due>(&track.state);
  return due != nullptr && due->had_mesh;
}

/// Empties the boxes that were covered beside a track in the previous frame, and returns them. Requires: the
/// track was not looked for in this frame.
cv::Rect2f take_covered_too(Track& track) {
  if (Due* due = std::get_if<Due>(&track.state))
    return std::exchange(due->covered_too, {});
  return std::exchange(track.absence()->covered_too, {});
}

/// Whether a lost face gets a close look in this frame.
bool looked_for(const Absence& absence) {
  return absence.frames <= tuning::searched_closely || absence.frames % tuning::searched_seldom == 0;
}

} // namespace

cv::Rect2f FaceFollower::predicted(const Track& track) const {
  return moment_.step.apart ? track.box
                            : shifted(track.box, track.velocity * static_cast<float>(moment_.step.beats));
}

bool FaceFollower::taken(const cv::Rect2f& box, const Track& by, const cv::Rect2f& expected) const {
  return std::ranges::any_of(tracks_, [&](const Track& t) {
    const cv::Rect2f place = t.seen() ? t.box : predicted(t);
    return t.id != by.id && !t.lost() && iou(place, box) > tuning::in_front_iou &&
           distance_in_sizes(box, place) < distance_in_sizes(box, expected);
  });
}

bool FaceFollower::believable(const Followed& found, const Track& track, const cv::Rect2f& expected) const {
  return is_finite(found.box) && !taken(found.box, track, expected) &&
         !(track.lost() && hidden(tracks_, found.box, track)) &&
         !(track.waits() && !same_face(found.box, expected));
}

Wish FaceFollower::wish_for(const Track& track, const cv::Rect2f& expected) const {
  const Trust& trust = track.trust;
  const int period = had_mesh(track) ? tuning::confirm_mesh_after : tuning::confirm_likeness_after;
  const bool confirm = moment_.step.apart || moment_.sudden ||
                       trust.unconfirmed + moment_.step.beats - 1 >= period ||
                       trust.frames_seen < tuning::young;
  return {.box = expected,
          .last = track.box,
          .roll = track.roll,
          .try_mesh = had_mesh(track),
          .confirm = confirm,
          .strong_only = trust.strong_only,
          .threshold = moment_.settings.threshold,
          .doubtful = trust.doubtful,
          .confirmed = trust.detector_score,
          .needs_support = trust.unsupported > tuning::alone_for};
}

std::optional<Followed> FaceFollower::attempt(const Track& track, const cv::Rect2f& expected) {
  const video::FrameView& frame = moment_.frame.view;
  Wish wish = wish_for(track, expected);
  if (const Absence* absence = track.absence()) {
    // After some frames, a lost face is searched with a close look in every third frame only. Sweeps
    // continue.
    if (!moment_.step.apart && !looked_for(*absence))
      return std::nullopt;
    wish.try_mesh = absence->frames % tuning::mesh_tried_seldom == 0;
  } else if (!wish.try_mesh && !wish.confirm) {
    // Without a mesh, appearance tracks the face between two confirmations by a detector.
    const auto alike = follow_appearance(frame, track.appearance, expected);
    if (alike && alike->value > tuning::sure_likeness)
      return Followed{.box = alike->box, .roll = track.roll, .score = track.score};
  }
  return follow_face(finder_, frame, wish);
}

void FaceFollower::follow(Track& track) {
  const cv::Rect2f expected = predicted(track);
  track.now.expected = expected;
  track.now.expected_velocity = track.velocity;
  const auto found = attempt(track, expected);
  if (!found || !believable(*found, track, expected)) {
    miss(track);
    return;
  }
  auto behind = leave_behind(tracks_, track, expected, found->box, next_id_);
  seat(track, *found, moment_.step);
  track.last_seen = moment_.frame.time;
  if (track.trust.unconfirmed == 0 || track.appearance.empty())
    track.appearance = appearance_of(moment_.frame.view, track.box);
  if (behind) {
    miss(*behind);
    left_.push_back(std::move(*behind));
  }
}

void FaceFollower::miss(Track& track) {
  const bool was_lost = track.lost();
  lose(track, moment_.step);
  Absence& absence = *track.absence();
  track.now.vanished = absence.still_there = false;
  const cv::Rect2f expected = predicted(track);
  if (hidden(tracks_, expected, track)) { // behind another face: keeps its velocity
    track.box = absence.anchor = expected;
    return;
  }
  const auto alike = follow_appearance(moment_.frame.view, track.appearance, expected);
  absence.still_there = alike && alike->value > tuning::fair_likeness;
  track.now.vanished = !was_lost && alike && alike->value < tuning::gone_likeness;
  if (absence.still_there) {
    // A head that turns away changes little from frame to frame, so a patch that is renewed each frame
    // follows it.
    track.box = absence.anchor = alike->box;
    track.appearance = appearance_of(moment_.frame.view, track.box);
  } else {
    track.box = expected;
  }
  track.velocity *= tuning::lost_damping;
}

void FaceFollower::follow_all() {
  for (Track& track : tracks_)
    begin_frame(track);
  // Visible tracks come first, so that no lost track takes over another person's face.
  std::ranges::stable_partition(tracks_, [](const Track& track) { return !track.lost(); });
  for (Track& track : tracks_) {
    const cv::Rect2f box = track.box, covered = covered_by(track);
    const cv::Rect2f too = take_covered_too(track);
    follow(track);
    keep_extent(track, covered, moment_.step);
    Seen* seen = std::get_if<Seen>(&track.state);
    if (seen != nullptr && seen->covered_too.empty() && !too.empty()) {
      seen->covered_too = shifted(too, center(track.box) - center(box));
      seen->carried = true;
    }
  }
  std::ranges::move(left_, std::back_inserter(tracks_));
  left_.clear();
}

} // namespace deid::facedetect
