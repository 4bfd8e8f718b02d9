#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tracker.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <opencv2/imgproc.hpp>

// Association and confirmation: which track a sighting belongs to, and whether a new sighting is a face.
namespace deid::facedetect {

namespace {
// Radius in which a lost track accepts a sighting, in sizes of its face. The radius grows with the beats
// since the face was lost.
constexpr float search_radius = 0.8F, search_radius_growth = 0.15F, search_radius_most = 2.5F;
constexpr float pi = 3.14159265F;
constexpr float upright_bonus = 0.15F;
constexpr int refusal_lasts = 6; // beats
// CenterFace score that confirms a glance although the mesh finds no face.
constexpr float sure_alone = 0.6F;
// A sweep's sighting whose score is between this share of the threshold and the threshold needs confirmation.
constexpr float weak_share = 0.6F;
// Least share of the first box that the second box must contain. With less, the track has no landmarks in
// this frame.
constexpr float seen_within = 0.9F;
// In a still: a sighting belongs to a face with a mesh when it is at most this many times larger and the
// boxes have this IoU. A much smaller box inside is another person's face.
constexpr float same_face_drawn_larger = 1.6F, same_face_within = 0.3F;
// A job whose area ends inside a face detects a piece of the face. The piece is at most this far from the
// area's edge, in sizes of the piece (measured: .17). At least this share of the piece lies in the whole
// face.
constexpr float piece_near_edge = 0.25F, piece_within = 0.5F;

// Whether a sighting confirms a visible track. It does not when it is at another place. It also does not when
// its score is much higher and its shape differs (a turned sweep of a lying face): then the track has
// drifted. The roll of the mesh is more reliable than a detector's: a detector may score an inverted face
// higher.
bool agrees(const Track& track, const Sighting& sighting) {
  const bool surer = sighting.strong && sighting.score > track.detector_score + 0.1F;
  const bool turned = std::abs(std::remainder(sighting.roll - track.roll, 2 * pi)) > 0.6F;
  const float common = iou(track.box, sighting.box);
  const float ratio = face_size(sighting.box) / std::max(1.F, face_size(track.box));
  if (track.mesh && ratio > 1 && ratio < 2.4F && overlap_of_smaller(track.box, sighting.box) > 0.85F)
    return true; // the same face with a coarse box: both boxes are covered, and the landmarks stay valid
  if (turned && surer)
    return track.mesh && common > 0.3F;
  return common > (surer ? 0.6F : 0.3F);
}

/// Covers this box beside the track's own.
void cover_too(Track& track, const cv::Rect2f& box) {
  track.also = track.also.empty() ? box : track.also | box;
}

/// On a face that the frame cuts off the mesh may be sure and wrong.
bool inside(const cv::Rect2f& box, cv::Size frame) {
  return box.x >= 0 && box.y >= 0 && box.br().x <= static_cast<float>(frame.width) &&
         box.br().y <= static_cast<float>(frame.height);
}

bool sure_of_features(const Track& track) {
  return track.mesh && !track.doubtful && track.mesh->presence > sure_presence;
}

/// Whether the box reaches, or nearly reaches, an edge of the area that is inside the frame.
bool cut_by(const cv::Rect& area, const cv::Rect2f& box, cv::Size frame) {
  const float x = piece_near_edge * box.width, y = piece_near_edge * box.height;
  return (area.x > 0 && box.x - x <= static_cast<float>(area.x)) ||
         (area.y > 0 && box.y - y <= static_cast<float>(area.y)) ||
         (area.br().x < frame.width && box.br().x + x >= static_cast<float>(area.br().x)) ||
         (area.br().y < frame.height && box.br().y + y >= static_cast<float>(area.br().y));
}

/// Whether the convex hull of the landmarks contains the ellipse in the box. Then every cover that is drawn
/// from the landmarks also covers the face in the box, whose corners are no face.
bool within_features(const cv::Rect2f& box, const models::FaceMeshResult& mesh) {
  constexpr int step = 15; // degrees
  std::vector<cv::Point2f> points, outline;
  for (const cv::Point3f& point : mesh.landmarks)
    points.emplace_back(point.x, point.y);
  cv::convexHull(points, outline);
  for (int at = 0; at < 360; at += step) {
    const float angle = static_cast<float>(at) * pi / 180.F;
    const cv::Point2f edge =
        center(box) + cv::Point2f(box.width / 2 * std::cos(angle), box.height / 2 * std::sin(angle));
    if (cv::pointPolygonTest(outline, edge, false) < 0)
      return false;
  }
  return true;
}

} // namespace

Track* Tracker::owner_of(const Sighting& sighting) {
  Track* best = nullptr;
  float best_distance = 1e9F;
  for (Track& track : tracks_) {
    const float distance = distance_in_sizes(sighting.box, track.box);
    const float reach = std::min(search_radius_most,
                                 search_radius + search_radius_growth * static_cast<float>(track.beats_lost));
    const float ratio = face_size(sighting.box) / std::max(1.F, face_size(track.box));
    const bool mine = same_face(sighting.box, track.box) ||
                      (!track.seen && !track.waits && distance < reach && ratio > 0.4F && ratio < 2.5F);
    if (mine && distance < best_distance) {
      best = &track;
      best_distance = distance;
    }
  }
  return best;
}

std::optional<Track> Tracker::stays_behind(Track& track, const cv::Rect2f& place, const cv::Rect2f& box) {
  // A sighting beside the place of a lost track may be another person, and the lost face may still be at its
  // place.
  if (!track.lost() || same_face(box, place))
    return std::nullopt;
  if (std::ranges::any_of(tracks_, [&](const Track& t) {
        return t.id != track.id && t.lost() && t.last_seen >= track.last_seen && same_face(t.box, place);
      }))
    return std::nullopt;
  Track behind = track;
  track.left_behind = behind.id = next_id_++;
  behind.waits = true; // otherwise each jump of a face would leave a further track that jumps
  return behind;
}

bool Tracker::refused_lately(const cv::Rect2f& box) const {
  return std::ranges::any_of(refused_, [&](const Refusal& refusal) { return iou(refusal.box, box) > 0.6F; });
}

std::optional<Followed> Tracker::believe(const Sighting& sighting, const video::FrameView& frame) {
  if (sighting.strong && sighting.score >= settings_.threshold)
    return settle(finder_, frame, sighting, true);
  // BlazeFace detects faces in prints and folds that CenterFace does not detect. So CenterFace must confirm
  // each BlazeFace sighting. A weak CenterFace sighting needs the mesh or a close look.
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
    const bool alone = !sighting.strong && track->unsupported > alone_for;
    if (track->seen && agrees(*track, sighting)) {
      if (!track->doubtful && !alone) // a doubtful mesh needs a close look
        track->unconfirmed = 0;
      if (sighting.strong)
        track->unsupported = 0;
      cover_too(*track, sighting.box);
      return;
    }
    if (alone && !is_supported(finder_, frame.view, sighting, settings_.threshold))
      return;
    if (track->seen && sure_of_features(*track) && sighting.score < settings_.threshold &&
        inside(track->box, frame.view.size())) {
      // A weak sighting does not move the landmarks; its box is covered.
      cover_too(*track, sighting.box);
      track->corrected = track->corrected || !within_features(sighting.box, *track->mesh);
      return;
    }
    const Followed seen = settle(finder_, frame.view, sighting, true);
    // Both boxes were detected in this frame and may be two faces, one inside the other. The first box is
    // covered, too.
    const cv::Rect2f first = !track->seen                                 ? cv::Rect2f()
                             : track->also.empty() || track->also_carried ? track->box
                                                                          : track->box | track->also;
    const bool apart = (first & seen.box).area() < seen_within * first.area();
    auto behind = stays_behind(*track, track->box, seen.box);
    const cv::Rect2f covered = covered_by(*track);
    seat(*track, seen, step_);
    if (!first.empty())
      cover_too(*track, first);
    keep_extent(*track, covered, {.beats = 0, .apart = step_.apart});
    track->corrected = track->corrected || apart;
    track->last_seen = now_;
    track->appearance = appearance_of(frame.view, track->box);
    if (behind)
      tracks_.push_back(std::move(*behind)); // last, because it invalidates pointers to tracks
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

bool Tracker::shown_by_mesh(const Sighting& sighting) {
  for (Track& track : tracks_) {
    const float ratio = face_size(sighting.box) / std::max(1.F, face_size(track.box));
    const bool piece = sighting.cut && overlap_of_smaller(track.box, sighting.box) >= piece_within;
    if (!track.seen || !track.mesh || track.doubtful || ratio > same_face_drawn_larger ||
        (iou(track.box, sighting.box) < same_face_within && !piece &&
         !within_features(sighting.box, *track.mesh)))
      continue;
    if (piece || sighting.score >= settings_.threshold)
      cover_too(track, sighting.box);
    return true;
  }
  return false;
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
  // All jobs run before the first association, and the best score is associated first. When a face is
  // detected upright and turned, the correct roll usually has the higher score. When the scores are close,
  // upright is correct.
  std::vector<std::pair<float, Sighting>> sightings;
  for (const SweepJob& job : jobs) {
    ++counts_.sweeps;
    // Extra jobs accept no score below the threshold: the mesh would confirm many of their false detections.
    const float least = settings_.threshold * (job.doubt > 0 ? 1.F : weak_share) + job.doubt;
    for (Sighting& sighting : finder_.sweep(frame.view, job, least)) {
      sighting.score -= job.doubt;
      sighting.cut = cut_by(job.area, sighting.box, frame.view.size());
      sightings.emplace_back(sighting.score - (job.turn == Turn::none ? 0.F : upright_bonus), sighting);
    }
  }
  std::ranges::stable_sort(sightings, std::greater{}, &std::pair<float, Sighting>::first);
  for (const auto& [rank, sighting] : sightings)
    if (!still_ || !shown_by_mesh(sighting))
      take(sighting, frame);
  // Looks that are doubted leave the schedule of the others as it is.
  std::vector<SweepJob> whole;
  std::ranges::copy_if(jobs, std::back_inserter(whole), [&](const SweepJob& job) {
    return job.area.size() == frame.view.size() && job.doubt == 0;
  });
  if (std::ranges::any_of(whole, [](const SweepJob& job) { return job.turn == Turn::none; }))
    for (Track& track : tracks_)
      track.sweeps_missed += track.seen ? 0 : 1;
  if (!whole.empty())
    scene_.swept();
  if (!still_)
    look_for_heads(frame, whole);
}

} // namespace deid::facedetect
