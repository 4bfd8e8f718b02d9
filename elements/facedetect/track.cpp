#include "elements/facedetect/track.hpp"
#include "elements/facedetect/geometry.hpp"
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace deid::facedetect {

namespace {
constexpr int template_side = 20;
constexpr float search_factor = 2.F; // side of the search window, in sides of the face
constexpr float presence = 0.5F;     // of the mesh; MediaPipe's own limit
// Largest distance of a detection from the predicted place, in sizes of the face: as far as the mesh,
// BlazeFace and CenterFace each see.
constexpr float mesh_reach = 0.5F, cheap_reach = 0.7F, strong_reach = 1.6F;
// Largest distance from the place in the previous frame that the mesh alone is believed, in sizes of the
// face. Further away the mesh may only follow the prediction: it fits a face up to half a face beside the
// real one.
constexpr float alone_reach = 0.2F;
constexpr float mesh_agrees =
    0.4F; // least IoU of the mesh with the detector's box, when both are the same face
constexpr float mesh_stays = 0.7F; // least IoU of the second mesh with the first
constexpr float upright =
    1.F; // radians; up to this roll a face is taken as upright without trying other turns
constexpr float mesh_smallest = 28.F; // px; on a smaller face the mesh is off by half a face
constexpr float held_growth = 0.03F, held_growth_most = 1.5F;
constexpr int both_places_for = 8; // beats, frames of an unsure mesh
constexpr float sure_within =
    0.8F; // least share of the last sure box that the box of an unsure mesh contains
// Share of the threshold from which CenterFace supports BlazeFace.
constexpr float support_share = 0.75F;
constexpr float velocity_weight = 0.6F;

cv::Mat luma_patch(const video::FrameView& frame, const cv::Rect2f& box, int side) {
  const models::RotatedRoi roi{center(box), {box.width, box.height}, 0.F};
  const cv::Size size(side, side);
  cv::Mat gray;
  cv::cvtColor(video::crop_rgb(frame, models::crop_to_frame(roi, size), size), gray, cv::COLOR_RGB2GRAY);
  return gray;
}

bool near_enough(const cv::Rect2f& found, const cv::Rect2f& expected, float reach) {
  const float before = std::max(1.F, face_size(expected));
  const float ratio = face_size(found) / before;
  const cv::Point2f moved = center(found) - center(expected);
  return is_finite(found) && ratio > 0.5F && ratio < 1.8F && std::hypot(moved.x, moved.y) < reach * before;
}

/// Whether the tracked mesh and the detection are the same face. Coarse detections have a box much larger
/// than the face; they must not remove its landmarks.
bool within(const cv::Rect2f& mesh, const cv::Rect2f& seen) {
  const float ratio = face_size(seen) / std::max(1.F, face_size(mesh));
  return iou(mesh, seen) > mesh_agrees ||
         (ratio > 1 && ratio < 2.4F && overlap_of_smaller(mesh, seen) > 0.85F);
}

Followed seen_by(const Sighting& sighting) {
  return {sighting.box, sighting.roll, sighting.score, Origin::detected, true, sighting.strong, {}, {}};
}

void give(Followed& followed, models::FaceMeshResult mesh, const cv::Rect2f& also) {
  followed.also = also;
  followed.box = face_box(mesh);
  followed.roll = roll_of(mesh);
  followed.mesh = std::move(mesh);
}

// A face without a sure mesh shrinks suddenly when its area falls below `shrunk` of the previous area, and at
// least `still_within` of the smaller box overlaps the previous one. A real face needs a second to move so
// far away.
constexpr float shrunk = 0.5F, still_within = 0.8F;
constexpr int extent_stays = 15; // beats

} // namespace

void seat(Track& track, const Followed& seen, Step step) {
  if (!track.seen && !track.lost() && track.frames_seen > 0 && !step.apart) {
    const cv::Point2f moved = (center(seen.box) - center(track.box)) / static_cast<float>(step.beats);
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
  track.found_again = track.found_again || track.lost(); // a second update in one frame keeps it
  track.seen = true;
  track.waits = false;
  track.beats_lost = track.misses = 0;
  track.vanished = track.still_there = false;
  track.sweeps_missed = 0;
  track.unconfirmed = seen.by_detector ? 0 : track.unconfirmed + step.beats;
  const bool supported = seen.supported || (seen.by_detector && seen.strong) || (seen.mesh && !seen.doubtful);
  track.unsupported = supported ? 0 : track.unsupported + step.beats;
  if (seen.by_detector)
    track.strong_only = seen.strong && !seen.mesh;
  ++track.frames_seen;
}

void lose(Track& track, Step step) {
  track.seen = false;
  track.mesh.reset();
  track.beats_lost += step.beats;
  if (++track.misses == 1)
    track.last_box = track.anchor = track.box;
}

void keep_extent(Track& track, const cv::Rect2f& covered, Step step) {
  const bool sure = track.seen && track.mesh && !track.doubtful;
  if (sure || step.apart) {
    track.extent = {};
    return;
  }
  track.extent_left -= step.beats;
  if (track.seen && overlap_of_smaller(track.box, covered) > still_within &&
      covered_by(track).area() < shrunk * covered.area()) {
    track.extent = track.extent.empty() ? covered : track.extent | covered;
    track.extent_left = extent_stays;
  }
  if (track.extent_left <= 0 || overlap_of_smaller(track.box, track.extent) < still_within)
    track.extent = {};
}

cv::Rect2f covered_by(const Track& track) {
  return track.also.empty() ? track.box : track.box | track.also;
}

FaceRegion region_of(const Track& track) {
  FaceRegion region;
  region.id = track.id;
  region.score = track.score;
  region.origin = track.seen ? track.origin : Origin::held;
  region.box = track.box;
  if (!track.seen) {
    region.box = scaled(
        track.box, std::min(held_growth_most, 1.2F + held_growth * static_cast<float>(track.beats_lost)));
    if (track.beats_lost <= both_places_for) // it may have moved on or stopped
      region.box |= track.last_box;
    region.box |= track.anchor; // a predicted box does not uncover the last known place
  }
  if (track.seen && (!track.mesh || track.doubtful))
    region.box = scaled(track.box, without_mesh_growth);
  // Between two confirmations appearance runs ahead of a face that slows down: a profile was left behind by a
  // third of its width in four frames (bend_and_rise).
  if (track.seen && !track.mesh && track.unconfirmed > 0)
    region.box |= shifted(region.box, -track.velocity * (static_cast<float>(track.unconfirmed) / 2));
  if (track.seen && !track.also.empty())
    region.box |= track.also;
  if (!track.extent.empty())
    region.box |= track.extent;
  // A detector's box or an unsure mesh may be smaller than the face was a moment ago.
  const bool grown =
      track.seen && track.unsure_for > 0 && track.unsure_for <= both_places_for && !track.sure_box.empty();
  if (grown)
    region.box |= track.sure_box;
  // Covers that are drawn from landmarks do not follow the grown box. So a region whose landmarks leave out
  // much of the box gets no landmarks.
  const bool beside = grown && (track.box & track.sure_box).area() < sure_within * track.sure_box.area();
  if (track.seen && track.mesh && !track.doubtful && !track.corrected && !beside) {
    region.landmarks = track.mesh->landmarks;
    region.score = std::max(track.score, track.mesh->presence);
    const models::HeadAngles angles = models::head_angles(*track.mesh);
    region.pose = {angles.yaw, angles.pitch, angles.roll};
  }
  return region;
}

std::optional<models::FaceMeshResult> mesh_at(Finder& finder, const video::FrameView& frame,
                                              const cv::Rect2f& box, float roll) {
  if (face_size(box) < mesh_smallest)
    return std::nullopt;
  models::FaceMeshResult mesh = finder.mesh(frame, mesh_roi(box, roll));
  if (mesh.presence < presence || mesh.landmarks.empty() || !near_enough(face_box(mesh), box, mesh_reach))
    return std::nullopt;
  return mesh;
}

namespace {

struct Drawn {
  models::FaceMeshResult mesh;
  bool at_rest = false;
};

/// Runs the mesh on a detector's box, and again on the box of the first mesh. The first mesh is rough, and
/// wrong on a face that the frame's edge cuts. A second mesh at the same place confirms it (at_rest). A
/// second mesh elsewhere drifts to another face or to none: then the first mesh is good enough for tracking,
/// but its landmarks may be wrong.
std::optional<Drawn> draw_mesh(Finder& finder, const video::FrameView& frame, const Sighting& sighting,
                               float turn) {
  auto mesh = mesh_at(finder, frame, sighting.box, sighting.roll + turn);
  if (!mesh || iou(face_box(*mesh), sighting.box) <= mesh_agrees)
    return std::nullopt;
  const auto again = mesh_at(finder, frame, face_box(*mesh), roll_of(*mesh));
  const bool stays = again && iou(face_box(*again), face_box(*mesh)) > mesh_stays;
  return Drawn{std::move(*mesh), stays};
}

/// Returns the mesh with the highest presence over the tried turns. The mesh also finds a face in an inverted
/// one, but with a lower presence.
std::optional<Drawn> mesh_of(Finder& finder, const video::FrameView& frame, const Sighting& sighting,
                             bool any_turn) {
  constexpr float half = 3.14159265F, quarter = half / 2;
  const auto more = [](const Drawn& a, const Drawn& b) {
    return a.at_rest != b.at_rest ? a.at_rest : a.mesh.presence > b.mesh.presence;
  };
  auto best = draw_mesh(finder, frame, sighting, 0);
  if (!any_turn || (best && best->mesh.presence > sure_presence && std::abs(roll_of(best->mesh)) < upright))
    return best;
  if (auto other = draw_mesh(finder, frame, sighting, half); other && (!best || more(*other, *best)))
    best = std::move(other);
  for (const float turn : {quarter, -quarter})
    if (!best)
      best = draw_mesh(finder, frame, sighting, turn);
  return best;
}

} // namespace

Followed settle(Finder& finder, const video::FrameView& frame, const Sighting& sighting, bool any_turn) {
  Followed followed = seen_by(sighting);
  if (auto drawn = mesh_of(finder, frame, sighting, any_turn || std::abs(sighting.roll) > upright)) {
    followed.doubtful = !drawn->at_rest || !fits(drawn->mesh, sighting);
    give(followed, std::move(drawn->mesh), sighting.box);
  }
  return followed;
}

bool is_supported(Finder& finder, const video::FrameView& frame, const Sighting& sighting, float threshold) {
  const auto second = finder.look(frame, sighting.box, sighting.roll, threshold * support_share, true);
  return second && same_face(second->box, sighting.box);
}

std::optional<Followed> follow_face(Finder& finder, const video::FrameView& frame, const Wish& wish) {
  if (wish.try_mesh && !wish.confirm) {
    if (auto mesh = mesh_at(finder, frame, wish.box, wish.roll);
        mesh && distance_in_sizes(face_box(*mesh), wish.last) <= alone_reach) {
      Followed followed{
          face_box(*mesh), roll_of(*mesh), mesh->presence, Origin::tracked, false, false, {}, {}};
      followed.doubtful = wish.doubtful;
      followed.mesh = std::move(mesh);
      return followed;
    }
  }
  for (const bool strong : {false, true}) {
    if (!strong && wish.strong_only)
      continue;
    const auto sighting = finder.look(frame, wish.box, wish.roll, wish.threshold, strong);
    if (!sighting || !near_enough(sighting->box, wish.box, strong ? strong_reach : cheap_reach))
      continue;
    const bool asked = wish.needs_support && !strong;
    if (asked && !is_supported(finder, frame, *sighting, wish.threshold))
      return std::nullopt;
    // The mesh starts from the track's last box, so that it does not jump in the frames that a detector
    // confirms. When the face moved far, it starts from the detector's box, see alone_reach.
    const bool direct = wish.try_mesh && std::abs(wish.roll) < upright &&
                        distance_in_sizes(wish.box, wish.last) <= alone_reach;
    if (auto mesh = direct ? mesh_at(finder, frame, wish.box, wish.roll) : std::nullopt;
        mesh && within(face_box(*mesh), sighting->box) && fits(*mesh, *sighting)) {
      Followed followed = seen_by(*sighting);
      give(followed, std::move(*mesh), sighting->box);
      return followed;
    }
    Followed followed = settle(finder, frame, *sighting);
    followed.supported = asked;
    return followed;
  }
  return std::nullopt;
}

cv::Mat appearance_of(const video::FrameView& frame, const cv::Rect2f& box) {
  return luma_patch(frame, box, template_side);
}

std::optional<Likeness> follow_appearance(const video::FrameView& frame, const cv::Mat& appearance,
                                          const cv::Rect2f& box) {
  if (appearance.empty())
    return std::nullopt;
  const cv::Rect2f window = scaled(box, search_factor);
  const cv::Mat area =
      luma_patch(frame, window, static_cast<int>(std::lround(template_side * search_factor)));
  cv::Mat fit;
  cv::matchTemplate(area, appearance, fit, cv::TM_CCOEFF_NORMED);
  double best = 0;
  cv::Point at;
  cv::minMaxLoc(fit, nullptr, &best, nullptr, &at);
  const float unit_x = window.width / static_cast<float>(area.cols);
  const float unit_y = window.height / static_cast<float>(area.rows);
  return Likeness{{window.x + static_cast<float>(at.x) * unit_x, window.y + static_cast<float>(at.y) * unit_y,
                   box.width, box.height},
                  static_cast<float>(best)};
}

} // namespace deid::facedetect
