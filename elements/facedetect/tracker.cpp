#include "elements/facedetect/tracker.hpp"
#include "elements/facedetect/backfill.hpp"
#include "elements/facedetect/geometry.hpp"
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace deid::facedetect {

namespace {
// The mesh finds plausible faces where there are none. So a detector must confirm after this many beats of
// tracking by mesh or by appearance, and in the first `young` frames.
constexpr int confirm_mesh_after = 10, confirm_likeness_after = 4, young = 3;
// Least normalised correlation at which a held cover moves with the patch.
constexpr float fair_likeness = 0.7F;
// Below this correlation the face has left its place.
constexpr float gone_likeness = 0.6F;
// A track with this many detections is held for the whole hold time. One with fewer is held for a
// proportional share.
constexpr float frames_until_sure = 8.F;
// Least hold of a lost face: beats; between frames apart, frames while its place looks the same, and frames
// when it does not.
constexpr int held_at_least = 4, held_frames_alike = 4, held_frames = 1;
constexpr int searched_closely = 6, searched_seldom = 3;
constexpr int searched_for = 12; // beats after a loss in which extra sweeps search for the face
constexpr float lost_damping = 0.8F;
constexpr float cut_off_growth = 1.3F;
// With a lookahead, and while no face is missing, BlazeFace runs every this many beats. A face that appears
// in between is back-filled.
constexpr int glance_period = 3;
constexpr std::size_t flash_lasts = 3; // frames
// Two meshes are of one face when the mean distance of their points, in sizes of the face, is below this.
constexpr float same_features_within = 0.1F;

bool outside(const cv::Rect2f& box, const video::FrameView& frame) {
  const cv::Rect2f all(0, 0, static_cast<float>(frame.width), static_cast<float>(frame.height));
  return (box & all).area() <= 0.05F * box.area();
}

bool cut_off(const cv::Rect2f& box, const video::FrameView& frame) {
  return box.x < 0 || box.y < 0 || box.br().x > static_cast<float>(frame.width) ||
         box.br().y > static_cast<float>(frame.height);
}

bool same_features(const Track& a, const Track& b) {
  if (!a.mesh || !b.mesh || a.mesh->landmarks.size() != b.mesh->landmarks.size())
    return false;
  double apart = 0;
  for (std::size_t i = 0; i < a.mesh->landmarks.size(); ++i)
    apart += cv::norm(a.mesh->landmarks[i] - b.mesh->landmarks[i]);
  return apart < same_features_within * face_size(a.box) * static_cast<double>(a.mesh->landmarks.size());
}

} // namespace

Tracker::Tracker(Finder& finder) : finder_(finder) {}

void Tracker::reset(cv::Size frame, int sweep_area, Pace pace, bool slow_source) {
  scene_.reset();
  memory_.reset();
  planner_.reset(frame, sweep_area, pace, slow_source);
  heads_.reset();
  head_look_ = {};
  sweeps_without_heads_ = frames_ = 0;
  searched_until_ = std::numeric_limits<std::int64_t>::min();
  sweep_area_ = sweep_area;
  pace_ = pace;
  tracks_.clear();
  left_.clear();
  refused_.clear();
  fresh_ = true;
}

std::optional<Followed> Tracker::attempt(const Track& track, const video::FrameView& frame,
                                         const cv::Rect2f& expected) {
  const bool had_mesh = track.mesh.has_value();
  const int period = had_mesh ? confirm_mesh_after : confirm_likeness_after;
  // Before a track's velocity is known, the prediction may lie beside a fast face, and the mesh finds a face
  // there all the same.
  const bool confirm =
      step_.apart || sudden_ || track.unconfirmed + step_.beats - 1 >= period || track.frames_seen < young;
  Wish wish{expected, track.roll, had_mesh, confirm, track.strong_only, settings_.threshold, track.doubtful};
  wish.needs_support = track.unsupported > alone_for;
  if (track.lost() || !had_mesh) {
    // Without a mesh, appearance tracks the face between two confirmations by a detector.
    if (!track.lost() && !wish.confirm)
      if (const auto alike = follow_appearance(frame, track.appearance, expected);
          alike && alike->value > sure_likeness)
        return Followed{alike->box, track.roll, track.score, Origin::tracked, false, false, {}, {}};
    // After some frames, a lost face is searched with a close look in every third frame only. Sweeps
    // continue.
    if (!step_.apart && track.misses > searched_closely && track.misses % searched_seldom != 0)
      return std::nullopt;
    wish.try_mesh = track.lost() && track.misses % 2 == 0;
  }
  return follow_face(finder_, frame, wish);
}

bool Tracker::taken(const cv::Rect2f& box, const Track& by, const cv::Rect2f& expected) const {
  return std::ranges::any_of(tracks_, [&](const Track& t) {
    const cv::Rect2f place = t.seen ? t.box : predicted(t);
    return t.id != by.id && (t.seen || !t.lost()) && iou(place, box) > 0.4F &&
           distance_in_sizes(box, place) < distance_in_sizes(box, expected);
  });
}

bool Tracker::hidden(const cv::Rect2f& box, const Track& by) const {
  return std::ranges::any_of(
      tracks_, [&](const Track& t) { return t.id != by.id && t.seen && iou(t.box, box) > 0.4F; });
}

cv::Rect2f Tracker::predicted(const Track& track) const {
  return step_.apart ? track.box : shifted(track.box, track.velocity * static_cast<float>(step_.beats));
}

void Tracker::follow(Track& track, const video::FrameView& frame) {
  const cv::Rect2f expected = predicted(track);
  track.expected = expected;
  track.expected_velocity = track.velocity;
  const auto seen = attempt(track, frame, expected);
  if (seen && is_finite(seen->box) && !taken(seen->box, track, expected) &&
      !(track.lost() && hidden(seen->box, track)) && !(track.waits && !same_face(seen->box, expected))) {
    auto behind = stays_behind(track, expected, seen->box);
    seat(track, *seen, step_);
    track.last_seen = now_;
    if (track.unconfirmed == 0 || track.appearance.empty())
      track.appearance = appearance_of(frame, track.box);
    if (behind) {
      miss(*behind, frame);
      left_.push_back(std::move(*behind));
    }
    return;
  }
  miss(track, frame);
}

void Tracker::miss(Track& track, const video::FrameView& frame) {
  const bool was_lost = track.lost();
  lose(track, step_);
  track.vanished = track.still_there = false;
  const cv::Rect2f expected = predicted(track);
  if (hidden(expected, track)) { // behind another face: keeps its velocity
    track.box = track.anchor = expected;
    return;
  }
  const auto alike = follow_appearance(frame, track.appearance, expected);
  track.still_there = alike && alike->value > fair_likeness;
  track.vanished = !was_lost && alike && alike->value < gone_likeness;
  if (track.still_there) {
    // A head that turns away changes little from frame to frame, so a patch that is renewed each frame
    // follows it.
    track.box = track.anchor = alike->box;
    track.appearance = appearance_of(frame, track.box);
  } else {
    track.box = expected;
  }
  track.velocity *= lost_damping;
}

void Tracker::change_scene(std::deque<PendingFrame>& pending) {
  const PendingFrame& frame = pending.back();
  SceneMemory::Back back = memory_.end(frame.fingerprint, frame.time, settings_.hold_time);
  if (frame.cut) // known places are void; the new scene's sweep finds its faces
    memory_.begin(std::exchange(tracks_, {}), last_picture_, last_time_);
  // When a scene fades in again, new tracks may already have some of its faces.
  std::erase_if(back.tracks, [&](const Track& track) {
    return std::ranges::any_of(tracks_,
                               [&](const Track& t) { return !t.lost() && same_face(t.box, track.box); });
  });
  // Half of a damaged frame may show the same as the frames beside it, so the returned tracks also cover the
  // frames of a short interruption.
  std::size_t first = pending.size() - 1;
  while (first > 0 && pending[first - 1].time > back.since)
    --first;
  if (pending.size() - 1 - first <= flash_lasts)
    for (std::size_t i = first; i + 1 < pending.size(); ++i)
      std::ranges::transform(back.tracks, std::back_inserter(pending[i].faces), region_of);
  std::ranges::move(back.tracks, std::back_inserter(tracks_));
}

void Tracker::follow_all(const video::FrameView& frame) {
  for (Track& track : tracks_) {
    track.seen = track.born = track.found_again = track.corrected = false;
    track.left_behind = 0;
  }
  // Visible tracks come first, so that no lost track takes over another person's face.
  std::ranges::stable_partition(tracks_, [](const Track& track) { return !track.lost(); });
  for (Track& track : tracks_) {
    const cv::Rect2f box = track.box, also = track.also, covered = covered_by(track);
    track.also = {};
    follow(track, frame);
    keep_extent(track, covered, step_);
    if (track.seen && track.also.empty() && !also.empty()) {
      track.also = shifted(also, center(track.box) - center(box));
      track.also_carried = true;
    }
  }
  std::ranges::move(left_, std::back_inserter(tracks_));
  left_.clear();
}

SweepPlanner::Situation Tracker::situation(const PendingFrame& frame,
                                           const SceneCutDetector::Change& change) const {
  SweepPlanner::Situation now{.cut = frame.cut,
                              .step = step_,
                              .nobody = std::ranges::none_of(tracks_, &Track::seen),
                              .sudden = sudden_,
                              .novelty = change.novelty,
                              .most_change = change.most,
                              .period = sweep_period(settings_, pace_)};
  for (const Track& track : tracks_) {
    now.face_lost = now.face_lost || (!track.seen && track.beats_lost <= searched_for);
    now.face_vanished = now.face_vanished || (!track.seen && track.vanished);
  }
  return now;
}

void Tracker::look_around(PendingFrame& frame, const SceneCutDetector::Change& change) {
  std::erase_if(refused_, [&](Refusal& refusal) {
    return frame.cut || step_.apart || (refusal.beats_left -= step_.beats) <= 0;
  });
  const bool missing = std::ranges::any_of(tracks_, [](const Track& t) { return !t.seen; });
  glance_age_ += step_.beats;
  if (pace_ == Pace::live || frame.cut || missing || tracks_.empty() || glance_age_ >= glance_period)
    glance(frame);
  sweep(frame, planner_.plan(situation(frame, change), frame.fingerprint));
}

void Tracker::merge_doubles() {
  // Two tracks on one face: the older one stays. The younger one becomes lost at its predicted place (a
  // person behind another). It is dropped when it is new in this frame and its mesh is the same.
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    for (std::size_t j = i + 1; j < tracks_.size(); ++j) {
      Track& elder = tracks_[i];
      Track& younger = tracks_[j];
      if (!elder.seen || !younger.seen || iou(elder.box, younger.box) < 0.5F)
        continue;
      if (younger.born && same_features(elder, younger)) { // one face, detected twice
        elder.also = covered_by(elder) | covered_by(younger);
        tracks_.erase(tracks_.begin() + static_cast<std::ptrdiff_t>(j--));
        continue;
      }
      younger.seen = false;
      younger.mesh.reset();
      younger.misses = std::max(1, younger.misses);
      younger.beats_lost = std::max(1, younger.beats_lost);
      younger.box = younger.last_box = younger.anchor =
          younger.expected; // not the place of the older track's face
      younger.velocity = younger.expected_velocity;
      younger.found_again = false;
    }
}

void Tracker::expire(std::int64_t now) {
  std::erase_if(tracks_, [&](const Track& track) {
    if (track.seen)
      return false;
    const float sure = std::min(1.F, static_cast<float>(track.frames_seen) / frames_until_sure);
    const auto hold = static_cast<std::int64_t>(sure * static_cast<float>(settings_.hold_time));
    const int frames = step_.apart ? (track.still_there ? held_frames_alike : held_frames) : held_at_least;
    return track.beats_lost > held_at_least && track.misses > frames && track.sweeps_missed > 0 &&
           now - track.last_seen > hold;
  });
}

void Tracker::complete(std::deque<PendingFrame>& pending) {
  PendingFrame& frame = pending.back();
  frame.faces.clear();
  for (const Track& track : tracks_)
    if (FaceRegion region = region_of(track); track.seen || !outside(region.box, frame.view))
      frame.faces.push_back(std::move(region)); // the whole region counts, not the predicted box alone
  for (FaceRegion& face : frame.faces)          // a face that the frame's edge cuts has a less exact box
    if (cut_off(scaled(face.box, 1.1F), frame.view))
      face.box = scaled(face.box, cut_off_growth);
  for (const Track& track : tracks_) {
    if (!track.seen || !(track.born || track.found_again))
      continue;
    finder_.refill(settings_.max_faces * static_cast<int>(pending.size()));
    // a new track has no held regions
    const std::uint32_t apart = track.left_behind != 0 || track.born ? track.left_behind : next_id_++;
    backfill(finder_, pending, track, settings_.threshold, apart);
    if (track.found_again)
      bridge(pending, track.id, apart);
  }
}

void Tracker::step(std::deque<PendingFrame>& pending, const Settings& settings) {
  settings_ = settings;
  ++frames_;
  PendingFrame& frame = pending.back();
  now_ = frame.time;
  step_ = std::exchange(fresh_, false) ? Step{} : step_between(last_time_, now_);
  frame.apart = step_.apart;
  finder_.refill(settings.max_faces);
  frame.fingerprint = fingerprint(frame.view);
  const SceneCutDetector::Change change = scene_.update(frame.fingerprint);
  frame.cut = change.cut;
  sudden_ = change.sudden;
  counts_.cuts += change.cut ? 1 : 0;
  change_scene(pending);
  follow_all(frame.view);
  look_around(frame, change);
  search_scene(frame);
  merge_doubles();
  expire(now_);
  complete(pending);
  heads_.step(pending, std::exchange(head_look_, {}), settings_now(), next_id_);
  last_picture_ = frame.fingerprint;
  last_time_ = frame.time;
}

void Tracker::count(const PendingFrame& frame) {
  ++counts_.frames;
  counts_.frames_with_faces += frame.faces.empty() ? 0 : 1;
  for (const FaceRegion& face : frame.faces) {
    switch (face.origin) {
    case Origin::detected:
      ++counts_.detected;
      break;
    case Origin::tracked:
      ++counts_.tracked;
      break;
    case Origin::held:
      ++counts_.held;
      break;
    case Origin::backfilled:
      ++counts_.backfilled;
      break;
    case Origin::body:
      ++counts_.body;
      break;
    }
  }
}

} // namespace deid::facedetect
