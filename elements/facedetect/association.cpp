#include "elements/facedetect/association.hpp"
#include "elements/facedetect/appearance.hpp"
#include "elements/facedetect/birth.hpp"
#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/region.hpp"
#include "elements/facedetect/track_list.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace deid::facedetect {

namespace {
constexpr float pi = 3.14159265F;

/// On a face that the frame cuts off the mesh may be sure and wrong.
bool inside(const cv::Rect2f& box, cv::Size frame) {
  return box.x >= 0 && box.y >= 0 && box.br().x <= static_cast<float>(frame.width) &&
         box.br().y <= static_cast<float>(frame.height);
}

bool sure_of_features(const Track& track) {
  const models::FaceMeshResult* mesh = track.clear_mesh();
  return mesh != nullptr && mesh->presence > tuning::sure_presence;
}

float size_ratio(const Sighting& sighting, const Track& track) {
  return face_size(sighting.box) / std::max(1.F, face_size(track.box));
}

/// Whether a lost track accepts the sighting although it is not at the track's place.
bool in_reach(const Track& track, const Sighting& sighting, float distance) {
  const float reach =
      std::min(tuning::search_radius_most,
               tuning::search_radius + tuning::search_radius_growth * static_cast<float>(track.beats_lost()));
  const float ratio = size_ratio(sighting, track);
  return !track.seen() && !track.waits() && distance < reach && ratio > tuning::search_smallest &&
         ratio < tuning::search_largest;
}

/// Whether the piece or the box of the sighting is of the face that the mesh shows.
bool is_of_mesh(const Track& track, const models::FaceMeshResult& mesh, const Sighting& sighting,
                bool piece) {
  return size_ratio(sighting, track) <= tuning::same_face_drawn_larger &&
         (iou(track.box, sighting.box) >= tuning::same_face_within || piece ||
          within_features(sighting.box, mesh));
}

/// Whether the sighting is a part of the face that the mesh shows: a surer detection confirmed that face a
/// short time ago.
bool is_part(const Track& track, const models::FaceMeshResult& mesh, const Sighting& sighting) {
  return track.trust.unconfirmed <= tuning::confirm_mesh_after &&
         is_weak_part(sighting, mesh, track.trust.detector_score);
}

/// Returns the track of the face of which the sighting is a piece, cut off by the edge of a job's area.
/// Returns null unless a surer detection confirmed that face in this frame, with a sure mesh, and its box
/// contains the piece.
Track* face_of_piece(std::vector<Track>& tracks, const Sighting& sighting) {
  const auto found = std::ranges::find_if(tracks, [&](const Track& track) {
    return sighting.cut && sure_of_features(track) && track.trust.unconfirmed == 0 &&
           sighting.score < track.trust.detector_score &&
           (track.box & sighting.box).area() >= tuning::piece_inside * sighting.box.area();
  });
  return found == tracks.end() ? nullptr : &*found;
}

/// Returns the box that the track has got in this frame; empty when it is not seen.
cv::Rect2f found_before(const Track& track) {
  const Seen* seen = std::get_if<Seen>(&track.state);
  if (seen == nullptr)
    return {};
  return seen->covered_too.empty() || seen->carried ? track.box : track.box | seen->covered_too;
}

/// The sighting confirms the track, unless BlazeFace alone sees it for too long. A doubtful mesh needs a
/// close look.
void confirm(Track& track, const Sighting& sighting, bool alone) {
  if (!track.trust.doubtful && !alone)
    track.trust.unconfirmed = 0;
  if (sighting.strong)
    track.trust.unsupported = 0;
  cover_too(track, sighting.box);
}

} // namespace

Track* owner_of(std::vector<Track>& tracks, const Sighting& sighting) {
  Track* best = nullptr;
  float best_distance = 1e9F;
  for (Track& track : tracks) {
    const float distance = distance_in_sizes(sighting.box, track.box);
    const bool mine = same_face(sighting.box, track.box) || in_reach(track, sighting, distance);
    if (mine && distance < best_distance) {
      best = &track;
      best_distance = distance;
    }
  }
  return best;
}

// A sighting does not confirm a track when it is at another place. It also does not when its score is much
// higher and its shape differs (a turned sweep of a lying face): then the track has drifted. The roll of the
// mesh is more reliable than a detector's: a detector may score an inverted face higher.
bool agrees(const Track& track, const Sighting& sighting) {
  const bool surer = sighting.strong && sighting.score > track.trust.detector_score + tuning::surer_by;
  const bool turned = std::abs(std::remainder(sighting.roll - track.roll, 2 * pi)) > tuning::other_roll;
  const float common = iou(track.box, sighting.box);
  const bool has_mesh = track.mesh() != nullptr;
  if (has_mesh && is_coarse(sighting.box, track.box))
    return true; // the same face with a coarse box: both boxes are covered, and the landmarks stay valid
  if (turned && surer)
    return has_mesh && common > tuning::confirms_iou;
  return common > (surer ? tuning::surer_confirms_iou : tuning::confirms_iou);
}

bool shown_by_mesh(std::vector<Track>& tracks, const Sighting& sighting, float threshold) {
  for (Track& track : tracks) {
    const models::FaceMeshResult* mesh = track.clear_mesh();
    const bool piece = sighting.cut && overlap_of_smaller(track.box, sighting.box) >= tuning::piece_within;
    if (mesh == nullptr || !is_of_mesh(track, *mesh, sighting, piece))
      continue;
    if (piece || sighting.score >= threshold)
      cover_too(track, sighting.box);
    return true;
  }
  return false;
}

bool Association::only_covers(const Track& track, const Sighting& sighting) const {
  return sure_of_features(track) && inside(track.box, moment_.frame.view.size()) &&
         (sighting.score < moment_.settings.threshold || is_part(track, *track.mesh(), sighting));
}

void Association::move(Track& track, const Sighting& sighting) {
  const Followed seen = settle(finder_, moment_.frame.view, sighting, true);
  // Both boxes were detected in this frame and may be two faces, one inside the other. The first box is
  // covered, too.
  const cv::Rect2f first = found_before(track);
  const bool apart = (first & seen.box).area() < tuning::seen_within * first.area();
  auto behind = leave_behind(tracks_, track, track.box, seen.box, next_id_);
  const cv::Rect2f covered = covered_by(track);
  seat(track, seen, moment_.step);
  if (!first.empty())
    cover_too(track, first);
  keep_extent(track, covered, {.beats = 0, .apart = moment_.step.apart});
  track.now.corrected = track.now.corrected || apart;
  track.last_seen = moment_.frame.time;
  track.appearance = appearance_of(moment_.frame.view, track.box);
  if (behind)
    tracks_.push_back(std::move(*behind)); // last, because it invalidates references to tracks
}

void Association::update(Track& track, const Sighting& sighting) {
  const bool alone = !sighting.strong && track.trust.unsupported > tuning::alone_for;
  if (track.seen() && agrees(track, sighting)) {
    confirm(track, sighting, alone);
    return;
  }
  if (alone && !is_supported(finder_, moment_.frame.view, sighting, moment_.settings.threshold))
    return;
  if (only_covers(track, sighting)) {
    cover_too(track, sighting.box);
    track.now.corrected = track.now.corrected || !within_features(sighting.box, *track.mesh());
    return;
  }
  move(track, sighting);
}

bool Association::take(const Sighting& sighting) {
  if (!is_finite(sighting.box) || face_size(sighting.box) < static_cast<float>(moment_.settings.min_face))
    return false;
  if (Track* track = owner_of(tracks_, sighting)) {
    update(*track, sighting);
    return false;
  }
  if (Track* whole = face_of_piece(tracks_, sighting)) {
    cover_too(*whole, sighting.box);
    return false;
  }
  const auto seen = believe(finder_, refusals_, sighting, moment_);
  if (!seen)
    return false;
  Track track = begin_track(next_id_++, *seen, moment_.frame.time);
  track.appearance = appearance_of(moment_.frame.view, track.box);
  tracks_.push_back(std::move(track));
  return true;
}

} // namespace deid::facedetect
