#include "elements/facedetect/tracker.hpp"
#include "elements/facedetect/backfill.hpp"
#include "elements/facedetect/geometry.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

namespace deid::facedetect {

namespace {
// The mesh draws a plausible face on much that is none; after this many frames a detector must agree again.
constexpr int confirm_mesh_after = 10, confirm_likeness_after = 4, young = 3;
// Normalised correlation that is fair enough to keep a cover moving with what looks like the face.
constexpr float fair_likeness = 0.7F;
// A face seen this often is a face: it is held for the whole hold time. One glimpse is held for a share of
// it.
constexpr float frames_until_sure = 8.F;
constexpr int held_at_least = 4;
constexpr int searched_closely = 6, searched_seldom = 3;
constexpr int searched_for = 12; // frames in which a lost face is looked for out of turn
constexpr float velocity_weight = 0.6F, lost_damping = 0.8F;
// A lost face may come back this many of its own sizes away, more the longer it was gone.
constexpr float search_radius = 0.8F, search_radius_growth = 0.15F, search_radius_most = 2.5F;
constexpr float pi = 3.14159265F;
constexpr float cut_off_growth = 1.3F;
constexpr float upright_bonus = 0.15F;
constexpr int refusal_lasts = 6; // frames
// With a lookahead and everybody in sight, the cheap detector looks every so many frames: who comes in
// between is filled in.
constexpr int glance_period = 3;
// Score of the strong detector that bears out a glance even when the mesh sees nothing.
constexpr float sure_alone = 0.6F;
// A second opinion is asked for scores between this share of the threshold and the threshold.
constexpr float weak_share = 0.6F;

void seat(Track& track, const Followed& seen) {
  if (!track.seen && !track.lost() && track.frames_seen > 0) {
    const cv::Point2f moved = center(seen.box) - center(track.box);
    track.velocity = track.velocity * (1 - velocity_weight) + moved * velocity_weight;
  } else {
    track.velocity = {};
  }
  track.box = seen.box;
  track.roll = seen.roll;
  track.score = seen.score;
  track.also = seen.also;
  track.also_carried = false;
  if (seen.by_detector)
    track.detector_score = seen.score;
  track.origin = seen.origin;
  track.mesh = seen.mesh;
  track.doubtful = seen.doubtful;
  const bool sure = seen.mesh && !seen.doubtful && seen.mesh->presence > sure_presence;
  track.unsure_for = sure ? 0 : track.unsure_for + 1;
  if (sure)
    track.sure_box = seen.box;
  track.found_again = track.lost();
  track.seen = true;
  track.frames_lost = 0;
  track.sweeps_missed = 0;
  track.unconfirmed = seen.by_detector ? 0 : track.unconfirmed + 1;
  if (seen.by_detector)
    track.strong_only = seen.strong && !seen.mesh;
  ++track.frames_seen;
}

// A sighting on a track that is in sight confirms it, unless it is elsewhere or, by a much surer detector (a
// turned look at a lying face), of another shape: then the sighting is right and the track had drifted. Which
// way up a face is the mesh knows better than a detector, which may be surer of a face that stands on its
// head.
bool agrees(const Track& track, const Sighting& sighting) {
  const bool surer = sighting.strong && sighting.score > track.detector_score + 0.1F;
  const bool turned = std::abs(std::remainder(sighting.roll - track.roll, 2 * pi)) > 0.6F;
  const float common = iou(track.box, sighting.box);
  const float ratio = face_size(sighting.box) / std::max(1.F, face_size(track.box));
  if (track.mesh && ratio > 1 && ratio < 2.4F && overlap_of_smaller(track.box, sighting.box) > 0.85F)
    return true; // the same face, drawn coarsely: both are covered, and the features stay known
  if (turned && surer)
    return track.mesh && common > 0.3F;
  return common > (surer ? 0.6F : 0.3F);
}

bool outside(const cv::Rect2f& box, const video::FrameView& frame) {
  const cv::Rect2f all(0, 0, static_cast<float>(frame.width), static_cast<float>(frame.height));
  return (box & all).area() <= 0.05F * box.area();
}

bool cut_off(const cv::Rect2f& box, const video::FrameView& frame) {
  return box.x < 0 || box.y < 0 || box.br().x > static_cast<float>(frame.width) ||
         box.br().y > static_cast<float>(frame.height);
}

float distance_in_sizes(const cv::Rect2f& a, const cv::Rect2f& b) {
  const cv::Point2f d = center(a) - center(b);
  return std::hypot(d.x, d.y) / std::max(1.F, face_size(b));
}
} // namespace

Tracker::Tracker(Finder& finder) : finder_(finder) {}

void Tracker::reset(cv::Size frame, int sweep_area, Pace pace) {
  scene_.reset();
  planner_.reset(frame, sweep_area, pace);
  pace_ = pace;
  tracks_.clear();
  refused_.clear();
}

std::optional<Followed> Tracker::attempt(const Track& track, const video::FrameView& frame,
                                         const cv::Rect2f& expected) {
  const bool had_mesh = track.mesh.has_value();
  const int period = had_mesh ? confirm_mesh_after : confirm_likeness_after;
  // Until a track's speed is known the mesh may be pointed beside a fast face, where it draws one all the
  // same.
  const bool confirm = track.unconfirmed >= period || track.frames_seen < young;
  Wish wish{expected, track.roll, had_mesh, confirm, track.strong_only, settings_.threshold, track.doubtful};
  if (track.lost() || !had_mesh) {
    // Faces the mesh does not show are followed by their looks between the detector's confirmations.
    if (!track.lost() && !wish.confirm)
      if (const auto alike = follow_appearance(frame, track.appearance, expected);
          alike && alike->value > sure_likeness)
        return Followed{alike->box, track.roll, track.score, Origin::tracked, false, false, {}, {}};
    // A face that has been gone for a while is looked for now and then; the sweeps go on beside that.
    if (track.frames_lost > searched_closely && track.frames_lost % searched_seldom != 0)
      return std::nullopt;
    wish.try_mesh = track.lost() && track.frames_lost % 2 == 0;
  }
  return follow_face(finder_, frame, wish);
}

bool Tracker::taken(const cv::Rect2f& box, const Track& by, const cv::Rect2f& expected) const {
  return std::ranges::any_of(tracks_, [&](const Track& t) {
    const cv::Rect2f place = t.seen ? t.box : shifted(t.box, t.velocity);
    return t.id != by.id && (t.seen || !t.lost()) && iou(place, box) > 0.4F &&
           distance_in_sizes(box, place) < distance_in_sizes(box, expected);
  });
}

bool Tracker::hidden(const cv::Rect2f& box, const Track& by) const {
  return std::ranges::any_of(
      tracks_, [&](const Track& t) { return t.id != by.id && t.seen && iou(t.box, box) > 0.4F; });
}

void Tracker::follow(Track& track, const video::FrameView& frame) {
  const cv::Rect2f expected = shifted(track.box, track.velocity);
  track.expected = expected;
  track.expected_velocity = track.velocity;
  const auto seen = attempt(track, frame, expected);
  if (seen && is_finite(seen->box) && !taken(seen->box, track, expected) &&
      !(track.lost() && hidden(seen->box, track))) {
    seat(track, *seen);
    track.last_seen = now_;
    if (track.unconfirmed == 0 || track.appearance.empty())
      track.appearance = appearance_of(frame, track.box);
    return;
  }
  track.mesh.reset();
  if (++track.frames_lost == 1)
    track.last_box = track.box;
  if (hidden(expected, track)) { // behind somebody: keeps walking
    track.box = expected;
    return;
  }
  const auto alike = follow_appearance(frame, track.appearance, expected);
  if (alike && alike->value > fair_likeness) {
    // A head that turns away changes little from frame to frame: the patch follows it round.
    track.box = alike->box;
    track.appearance = appearance_of(frame, track.box);
  } else {
    track.box = expected;
  }
  track.velocity *= lost_damping;
}

void Tracker::follow_all(const video::FrameView& frame) {
  for (Track& track : tracks_) {
    track.seen = track.born = track.found_again = false;
  }
  // Those in sight first: a lost one must not take over a face that is somebody else's.
  std::ranges::stable_partition(tracks_, [](const Track& track) { return !track.lost(); });
  for (Track& track : tracks_) {
    const cv::Rect2f box = track.box, also = track.also;
    track.also = {};
    follow(track, frame);
    if (track.seen && track.also.empty() && !also.empty()) {
      track.also = shifted(also, center(track.box) - center(box));
      track.also_carried = true;
    }
  }
}

Track* Tracker::owner_of(const Sighting& sighting) {
  Track* best = nullptr;
  float best_distance = 1e9F;
  for (Track& track : tracks_) {
    const float distance = distance_in_sizes(sighting.box, track.box);
    const float reach = std::min(
        search_radius_most, search_radius + search_radius_growth * static_cast<float>(track.frames_lost));
    const float ratio = face_size(sighting.box) / std::max(1.F, face_size(track.box));
    const bool mine = same_face(sighting.box, track.box) ||
                      (!track.seen && distance < reach && ratio > 0.4F && ratio < 2.5F);
    if (mine && distance < best_distance) {
      best = &track;
      best_distance = distance;
    }
  }
  return best;
}

bool Tracker::refused_lately(const cv::Rect2f& box) const {
  return std::ranges::any_of(refused_, [&](const Refusal& refusal) { return iou(refusal.box, box) > 0.6F; });
}

std::optional<Followed> Tracker::believe(const Sighting& sighting, const video::FrameView& frame) {
  if (sighting.strong && sighting.score >= settings_.threshold)
    return settle(finder_, frame, sighting, true);
  // The cheap detector sees faces in prints and folds that the strong one does not, so the strong one has the
  // last word; its own weak sightings need the mesh or a closer look.
  if (!sighting.strong) {
    if (refused_lately(sighting.box))
      return std::nullopt;
    const auto second = finder_.look(frame, sighting.box, sighting.roll, settings_.threshold, true);
    if (second && same_face(second->box, sighting.box)) {
      Followed seen = settle(finder_, frame, *second, true);
      if (seen.mesh || second->score >= sure_alone)
        return seen;
    }
    refused_.push_back({sighting.box, refusal_lasts});
    return std::nullopt;
  }
  Followed seen = settle(finder_, frame, sighting, true);
  if (seen.mesh)
    return seen;
  const auto closer = finder_.look(frame, sighting.box, sighting.roll, settings_.threshold, true);
  if (!closer || !same_face(closer->box, sighting.box))
    return std::nullopt;
  return settle(finder_, frame, *closer, true);
}

void Tracker::take(const Sighting& sighting, const PendingFrame& frame) {
  if (!is_finite(sighting.box) || face_size(sighting.box) < static_cast<float>(settings_.min_face))
    return;
  if (Track* track = owner_of(sighting)) {
    if (track->seen && agrees(*track, sighting)) {
      track->unconfirmed = 0;
      track->also = track->also.empty() ? sighting.box : track->also | sighting.box;
      return;
    }
    seat(*track, settle(finder_, frame.view, sighting, true));
    track->last_seen = now_;
    track->appearance = appearance_of(frame.view, track->box);
    return;
  }
  const auto seen = believe(sighting, frame.view);
  if (!seen)
    return;
  Track track;
  seat(track, *seen);
  track.id = next_id_++;
  track.expected = track.box;
  track.born = true;
  track.last_seen = now_;
  track.appearance = appearance_of(frame.view, track.box);
  tracks_.push_back(std::move(track));
  ++counts_.tracks;
}

void Tracker::glance(const PendingFrame& frame) {
  glance_age_ = 0;
  for (Track& track : tracks_)
    if (std::exchange(track.also_carried, false))
      track.also = {};
  for (const Sighting& sighting : finder_.glance(frame.view, settings_.threshold))
    take(sighting, frame);
}

void Tracker::sweep(const PendingFrame& frame, const std::vector<SweepJob>& jobs) {
  // All looks first, then the surest sighting first: of one face seen upright and turned, the right one
  // mostly has the better score; when they are near each other it is upright.
  std::vector<std::pair<float, Sighting>> sightings;
  for (const SweepJob& job : jobs) {
    ++counts_.sweeps;
    for (const Sighting& sighting : finder_.sweep(frame.view, job, settings_.threshold * weak_share))
      sightings.emplace_back(sighting.score - (job.turn == Turn::none ? 0.F : upright_bonus), sighting);
  }
  std::ranges::stable_sort(sightings, std::greater{}, &std::pair<float, Sighting>::first);
  for (const auto& [rank, sighting] : sightings)
    take(sighting, frame);
  if (std::ranges::any_of(jobs, [&](const SweepJob& job) {
        return job.turn == Turn::none && job.area.size() == frame.view.size();
      }))
    for (Track& track : tracks_)
      track.sweeps_missed += track.seen ? 0 : 1;
  if (std::ranges::any_of(jobs, [&](const SweepJob& job) { return job.area.size() == frame.view.size(); }))
    scene_.swept();
}

void Tracker::look_around(PendingFrame& frame, const Scene::Change& change) {
  std::erase_if(refused_, [&](Refusal& refusal) { return frame.cut || --refusal.frames_left <= 0; });
  const bool missing = std::ranges::any_of(tracks_, [](const Track& t) { return !t.seen; });
  ++glance_age_;
  if (pace_ == Pace::live || frame.cut || missing || tracks_.empty() || glance_age_ >= glance_period)
    glance(frame);
  const bool lost =
      std::ranges::any_of(tracks_, [](const Track& t) { return !t.seen && t.frames_lost <= searched_for; });
  sweep(frame,
        planner_.plan({frame.cut, lost, change.novelty, sweep_period(settings_, pace_)}, frame.fingerprint));
}

void Tracker::merge_doubles() {
  // Two tracks on one face: the one known longer stays, the other waits at its place (a person behind
  // another) or, when it was born just now, is dropped.
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    for (std::size_t j = i + 1; j < tracks_.size(); ++j) {
      Track& elder = tracks_[i];
      Track& younger = tracks_[j];
      if (!elder.seen || !younger.seen || iou(elder.box, younger.box) < 0.5F)
        continue;
      younger.seen = false;
      younger.mesh.reset();
      younger.frames_lost = std::max(1, younger.frames_lost);
      younger.box = younger.last_box = younger.expected; // not where the elder's face drew it
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
    return track.frames_lost > held_at_least && track.sweeps_missed > 0 && now - track.last_seen > hold;
  });
}

void Tracker::complete(std::deque<PendingFrame>& pending) {
  PendingFrame& frame = pending.back();
  frame.faces.clear();
  for (const Track& track : tracks_)
    if (track.seen || !outside(track.box, frame.view))
      frame.faces.push_back(region_of(track));
  for (FaceRegion& face : frame.faces) // half a face is half the evidence
    if (cut_off(scaled(face.box, 1.1F), frame.view))
      face.box = scaled(face.box, cut_off_growth);
  for (const Track& track : tracks_) {
    if (!track.seen || !(track.born || track.found_again))
      continue;
    finder_.refill(settings_.max_faces * static_cast<int>(pending.size()));
    backfill(finder_, pending, track, settings_.threshold);
    if (track.found_again)
      bridge(pending, track.id);
  }
}

void Tracker::step(std::deque<PendingFrame>& pending, const Settings& settings) {
  settings_ = settings;
  PendingFrame& frame = pending.back();
  now_ = frame.time;
  finder_.refill(settings.max_faces);
  frame.fingerprint = fingerprint(frame.view);
  const Scene::Change change = scene_.update(frame.fingerprint);
  frame.cut = change.cut;
  counts_.cuts += change.cut ? 1 : 0;
  if (frame.cut)
    tracks_.clear(); // places mean nothing any more; the sweep of the new scene finds who is in it
  follow_all(frame.view);
  look_around(frame, change);
  merge_doubles();
  expire(now_);
  complete(pending);
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
    }
  }
}

} // namespace deid::facedetect
