#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <cmath>
#include <utility>

namespace deid::facedetect {

namespace {

bool near_enough(const cv::Rect2f& found, const cv::Rect2f& expected, float reach) {
  const float before = std::max(1.F, face_size(expected));
  const float ratio = face_size(found) / before;
  const cv::Point2f moved = center(found) - center(expected);
  return is_finite(found) && ratio > tuning::followed_smallest && ratio < tuning::followed_largest &&
         std::hypot(moved.x, moved.y) < reach * before;
}

/// Whether the tracked mesh and the detection are the same face. A coarse detection must not remove the
/// landmarks.
bool within(const cv::Rect2f& mesh, const cv::Rect2f& seen) {
  return iou(mesh, seen) > tuning::mesh_agrees || is_coarse(seen, mesh);
}

Followed seen_by(const Sighting& sighting) {
  return {.box = sighting.box,
          .roll = sighting.roll,
          .score = sighting.score,
          .origin = Origin::detected,
          .by_detector = true,
          .strong = sighting.strong};
}

void give(Followed& followed, models::FaceMeshResult mesh, const cv::Rect2f& covered_too) {
  followed.covered_too = covered_too;
  followed.box = face_box(mesh);
  followed.roll = roll_of(mesh);
  followed.mesh = std::move(mesh);
}

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
  if (!mesh || iou(face_box(*mesh), sighting.box) <= tuning::mesh_agrees)
    return std::nullopt;
  const auto again = mesh_at(finder, frame, face_box(*mesh), roll_of(*mesh));
  const bool stays = again && iou(face_box(*again), face_box(*mesh)) > tuning::mesh_stays;
  return Drawn{std::move(*mesh), stays};
}

/// Returns the mesh with the highest presence over the tried turns. The mesh also finds a face in an inverted
/// one, but with a lower presence.
std::optional<Drawn> best_mesh(Finder& finder, const video::FrameView& frame, const Sighting& sighting,
                               bool any_turn) {
  constexpr float half = 3.14159265F, quarter = half / 2;
  const auto more = [](const Drawn& a, const Drawn& b) {
    return a.at_rest != b.at_rest ? a.at_rest : a.mesh.presence > b.mesh.presence;
  };
  auto best = draw_mesh(finder, frame, sighting, 0);
  if (!any_turn || (best && best->mesh.presence > tuning::sure_presence &&
                    std::abs(roll_of(best->mesh)) < tuning::upright_roll))
    return best;
  if (auto other = draw_mesh(finder, frame, sighting, half); other && (!best || more(*other, *best)))
    best = std::move(other);
  for (const float turn : {quarter, -quarter})
    if (!best)
      best = draw_mesh(finder, frame, sighting, turn);
  return best;
}

std::optional<Followed> follow_by_mesh(Finder& finder, const video::FrameView& frame, const Wish& wish) {
  auto mesh = mesh_at(finder, frame, wish.box, wish.roll);
  if (!mesh || distance_in_sizes(face_box(*mesh), wish.last) > tuning::alone_reach)
    return std::nullopt;
  Followed followed{
      .box = face_box(*mesh), .roll = roll_of(*mesh), .score = mesh->presence, .doubtful = wish.doubtful};
  followed.mesh = std::move(mesh);
  return followed;
}

/// Returns the tracked mesh when the sighting is only a weak part of its face. Both are covered. The sighting
/// confirms nothing, so a detector is asked again in the next frame.
std::optional<Followed> keep_whole(const Wish& wish, models::FaceMeshResult& mesh, const Sighting& sighting) {
  if (wish.doubtful || mesh.presence <= tuning::sure_presence ||
      !is_weak_part(sighting, mesh, wish.confirmed))
    return std::nullopt;
  Followed followed{.score = mesh.presence};
  give(followed, std::move(mesh), sighting.box);
  return followed;
}

/// Returns the detection with its mesh. The mesh starts from the predicted box, so that it does not jump in
/// the frames that a detector confirms. When the face moved far, it starts from the detector's box, see
/// tuning::alone_reach.
std::optional<Followed> detected(Finder& finder, const video::FrameView& frame, const Wish& wish,
                                 const Sighting& sighting, bool strong) {
  const bool asked = wish.needs_support && !strong;
  if (asked && !is_supported(finder, frame, sighting, wish.threshold))
    return std::nullopt;
  const bool direct = wish.try_mesh && std::abs(wish.roll) < tuning::upright_roll &&
                      distance_in_sizes(wish.box, wish.last) <= tuning::alone_reach;
  if (auto mesh = direct ? mesh_at(finder, frame, wish.box, wish.roll) : std::nullopt) {
    if (within(face_box(*mesh), sighting.box) && fits(*mesh, sighting)) {
      Followed followed = seen_by(sighting);
      give(followed, std::move(*mesh), sighting.box);
      return followed;
    }
    if (auto whole = keep_whole(wish, *mesh, sighting))
      return whole;
  }
  Followed followed = settle(finder, frame, sighting);
  followed.supported = asked;
  return followed;
}

} // namespace

std::optional<models::FaceMeshResult> mesh_at(Finder& finder, const video::FrameView& frame,
                                              const cv::Rect2f& box, float roll) {
  if (face_size(box) < tuning::mesh_smallest)
    return std::nullopt;
  models::FaceMeshResult mesh = finder.mesh(frame, mesh_roi(box, roll));
  if (mesh.presence < tuning::mesh_presence || mesh.landmarks.empty() ||
      !near_enough(face_box(mesh), box, tuning::mesh_reach))
    return std::nullopt;
  return mesh;
}

Followed settle(Finder& finder, const video::FrameView& frame, const Sighting& sighting, bool any_turn) {
  Followed followed = seen_by(sighting);
  if (auto drawn =
          best_mesh(finder, frame, sighting, any_turn || std::abs(sighting.roll) > tuning::upright_roll)) {
    followed.doubtful = !drawn->at_rest || !fits(drawn->mesh, sighting);
    give(followed, std::move(drawn->mesh), sighting.box);
  }
  return followed;
}

bool is_supported(Finder& finder, const video::FrameView& frame, const Sighting& sighting, float threshold) {
  const auto second =
      finder.look(frame, sighting.box, sighting.roll, threshold * tuning::support_share, true);
  return second && same_face(second->box, sighting.box);
}

std::optional<Followed> follow_face(Finder& finder, const video::FrameView& frame, const Wish& wish) {
  if (wish.try_mesh && !wish.confirm)
    if (auto followed = follow_by_mesh(finder, frame, wish))
      return followed;
  for (const bool strong : {false, true}) {
    if (!strong && wish.strong_only)
      continue;
    const auto sighting = finder.look(frame, wish.box, wish.roll, wish.threshold, strong);
    const float reach = strong ? tuning::strong_reach : tuning::cheap_reach;
    if (sighting && near_enough(sighting->box, wish.box, reach))
      return detected(finder, frame, wish, *sighting, strong);
  }
  return std::nullopt;
}

} // namespace deid::facedetect
