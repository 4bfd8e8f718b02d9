#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tracker.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <opencv2/imgproc.hpp>

// What the tracker makes of a sighting: whose face it is, and whether it is one.
namespace deid::facedetect {

namespace {
// A lost face may come back this many of its own sizes away, more the longer it was gone.
constexpr float search_radius = 0.8F, search_radius_growth = 0.15F, search_radius_most = 2.5F;
constexpr float pi = 3.14159265F;
constexpr float upright_bonus = 0.15F;
constexpr int refusal_lasts = 6; // beats
// Score of the strong detector that bears out a glance even when the mesh sees nothing.
constexpr float sure_alone = 0.6F;
// A second opinion is asked for scores between this share of the threshold and the threshold.
constexpr float weak_share = 0.6F;
// The share of a face's box that another must hold for its features to stand for both.
constexpr float seen_within = 0.9F;
// Of a still: a look that draws a face with a mesh at most this much larger, and overlaps it this much, sees
// the same face. A much smaller face within it is somebody else's.
constexpr float same_face_drawn_larger = 1.6F, same_face_within = 0.3F;
// A look whose area ends within a face draws its piece at this distance from the edge at most, in sizes of
// the piece (measured: .17), and this share of the piece lies in the whole face.
constexpr float piece_near_edge = 0.25F, piece_within = 0.5F;

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

bool sure_of_features(const Track& track) {
  return track.mesh && !track.doubtful && track.mesh->presence > sure_presence;
}

/// Whether the box reaches, or almost, an edge of the area that is no edge of the frame.
bool cut_by(const cv::Rect& area, const cv::Rect2f& box, cv::Size frame) {
  const float x = piece_near_edge * box.width, y = piece_near_edge * box.height;
  return (area.x > 0 && box.x - x <= static_cast<float>(area.x)) ||
         (area.y > 0 && box.y - y <= static_cast<float>(area.y)) ||
         (area.br().x < frame.width && box.br().x + x >= static_cast<float>(area.br().x)) ||
         (area.br().y < frame.height && box.br().y + y >= static_cast<float>(area.br().y));
}

/// Whether every cover that is drawn around the mesh's features covers the face in the box as well: the
/// ellipse in it, because a box's corners are no face.
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
  // What is seen beside the place of a lost face may be somebody else: the lost one may still be there.
  if (!track.lost() || same_face(box, place))
    return std::nullopt;
  if (std::ranges::any_of(tracks_, [&](const Track& t) {
        return t.id != track.id && t.lost() && t.last_seen >= track.last_seen && same_face(t.box, place);
      }))
    return std::nullopt;
  Track behind = track;
  track.left_behind = behind.id = next_id_++;
  behind.waits = true; // or each jump of a face would leave one more that jumps
  return behind;
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
      if (!track->doubtful) // a close look has to say where the features are
        track->unconfirmed = 0;
      track->also = track->also.empty() ? sighting.box : track->also | sighting.box;
      return;
    }
    if (track->seen && sure_of_features(*track) && sighting.score < settings_.threshold) {
      // Not sure enough to say where features are; what it sees is covered.
      track->also = track->also.empty() ? sighting.box : track->also | sighting.box;
      track->corrected = track->corrected || !within_features(sighting.box, *track->mesh);
      return;
    }
    const Followed seen = settle(finder_, frame.view, sighting, true);
    // Both were seen in this very frame, perhaps as two faces, one within the other: cover the first one,
    // too.
    const cv::Rect2f first = !track->seen                                 ? cv::Rect2f()
                             : track->also.empty() || track->also_carried ? track->box
                                                                          : track->box | track->also;
    const bool apart = (first & seen.box).area() < seen_within * first.area();
    auto behind = stays_behind(*track, track->box, seen.box);
    const cv::Rect2f covered = covered_by(*track);
    seat(*track, seen, step_);
    if (!first.empty())
      track->also = track->also.empty() ? first : track->also | first;
    keep_extent(*track, covered, {.beats = 0, .apart = step_.apart});
    track->corrected = track->corrected || apart;
    track->last_seen = now_;
    track->appearance = appearance_of(frame.view, track->box);
    if (behind)
      tracks_.push_back(std::move(*behind)); // moves the tracks: last
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
      track.also = track.also.empty() ? sighting.box : track.also | sighting.box;
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
  // All looks first, then the surest sighting first: of one face seen upright and turned, the right one
  // mostly has the better score; when they are near each other it is upright.
  std::vector<std::pair<float, Sighting>> sightings;
  for (const SweepJob& job : jobs) {
    ++counts_.sweeps;
    // The mesh draws a face into much that an extra look thinks weakly of, so these get no second opinion.
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
