#include "elements/facedetect/backfill.hpp"
#include "elements/facedetect/appearance.hpp"
#include "elements/facedetect/follow.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <utility>

namespace deid::facedetect {

namespace {
FaceRegion* region_with(PendingFrame& frame, std::uint32_t id) {
  const auto found = std::ranges::find(frame.faces, id, &FaceRegion::id);
  return found == frame.faces.end() ? nullptr : &*found;
}

/// Whether another track's region contains nearly all of the box. A face that is half hidden behind another
/// one must stay covered, so a smaller overlap does not count.
bool covered_by_other(const PendingFrame& frame, const cv::Rect2f& box, std::uint32_t id) {
  return std::ranges::any_of(frame.faces, [&](const FaceRegion& face) {
    return face.id != id && (face.box & box).area() >= tuning::holds * box.area();
  });
}

/// Whether a region may replace a held one: it contains most of the held region's middle. Held regions are
/// grown, so only their middle counts.
bool replaces(const cv::Rect2f& region, const cv::Rect2f& held) {
  const cv::Rect2f middle = scaled(held, tuning::held_middle);
  return (middle & region).area() >= tuning::stays_within * middle.area();
}

/// Writes the region in place of the held region of the same id. A held region at another place stays, under
/// the id `apart`: it may be right, and this face may be another person's.
void write(PendingFrame& frame, const FaceRegion& region, std::uint32_t apart) {
  FaceRegion* old = region_with(frame, region.id);
  if (old != nullptr && replaces(region.box, old->box)) {
    *old = region;
    return;
  }
  if (old != nullptr)
    old->id = apart;
  frame.faces.push_back(region);
}

FaceRegion backfilled(std::uint32_t id, const Followed& seen) {
  FaceRegion region{.id = id,
                    .box = scaled(seen.box, tuning::without_mesh_growth),
                    .score = seen.score,
                    .origin = Origin::backfilled};
  if (seen.mesh) {
    region.box = seen.covered_too.empty() ? seen.box : seen.box | seen.covered_too;
    region.landmarks = seen.mesh->landmarks;
    const models::HeadAngles angles = models::head_angles(*seen.mesh);
    region.pose = {angles.yaw, angles.pitch, angles.roll};
  }
  return region;
}

bool already_known(PendingFrame& frame, std::uint32_t id) {
  const FaceRegion* own = region_with(frame, id);
  return own != nullptr && own->origin != Origin::held;
}

// Covers the frames before the first detection with the last box and its extrapolation. newest: the frame
// that back-fill reached.
void pad(std::deque<PendingFrame>& pending, std::size_t newest, FaceRegion region, cv::Point2f motion,
         std::uint32_t apart) {
  region.landmarks.clear();
  region.box = scaled(region.box, tuning::unsure_growth);
  for (int n = 0;
       n < tuning::frames_before_first_sight && newest > 0 && !pending[newest].cut && !pending[newest].apart;
       ++n) {
    --newest;
    if (already_known(pending[newest], region.id))
      return;
    region.box |= shifted(region.box, motion);
    write(pending[newest], region, apart);
  }
}
/// The face on its way back through the frames.
struct Trail {
  Followed last{};        ///< in the frame that was reached
  cv::Point2f motion{};   ///< px per beat, backwards in time
  cv::Mat appearance{};   ///< where a network last found it
  int by_patch_alone = 0; ///< frames since then
};

/// Finds the face in the frame before: by the networks, or for some frames by a patch that looks the same.
std::optional<Followed> find_before(Finder& finder, const PendingFrame& frame, Trail& trail,
                                    const Wish& wish) {
  if (auto seen = follow_face(finder, frame.view, wish)) {
    trail.by_patch_alone = 0;
    trail.appearance = appearance_of(frame.view, seen->box);
    return seen;
  }
  const auto alike = follow_appearance(frame.view, trail.appearance, wish.box);
  if (!alike || alike->value < tuning::sure_likeness || ++trail.by_patch_alone > tuning::likeness_lasts)
    return std::nullopt;
  return Followed{
      .box = alike->box, .roll = trail.last.roll, .score = trail.last.score, .origin = Origin::backfilled};
}

Trail trail_of(const Track& track, const video::FrameView& frame) {
  Trail trail{.last = {.box = track.box, .roll = track.roll, .score = track.score},
              .motion = -track.velocity,
              .appearance = appearance_of(frame, track.box)};
  trail.last.origin = Origin::backfilled;
  if (const models::FaceMeshResult* mesh = track.mesh())
    trail.last.mesh = *mesh;
  return trail;
}

} // namespace

void backfill(Finder& finder, std::deque<PendingFrame>& pending, const Track& track, float threshold,
              std::uint32_t apart) {
  Trail trail = trail_of(track, pending.back().view);
  std::size_t reached = pending.size() - 1;
  while (reached > 0 && !pending[reached].cut && !already_known(pending[reached - 1], track.id)) {
    PendingFrame& frame = pending[reached - 1];
    const Step step = step_between(frame.time, pending[reached].time);
    const auto beats = static_cast<float>(step.beats);
    const cv::Rect2f expected = step.apart ? trail.last.box : shifted(trail.last.box, trail.motion * beats);
    auto seen = find_before(finder, frame, trail,
                            {.box = expected,
                             .last = trail.last.box,
                             .roll = trail.last.roll,
                             .try_mesh = trail.last.mesh.has_value(),
                             .confirm = step.apart,
                             .strong_only = track.trust.strong_only,
                             .threshold = threshold});
    if (!seen)
      break;
    if (covered_by_other(frame, seen->box, track.id)) {
      if (same_face(seen->box, expected))
        return;
      break; // another person's face was found; this one may be at the predicted place
    }
    trail.motion = step.apart ? cv::Point2f() : (center(seen->box) - center(trail.last.box)) / beats;
    trail.last = std::move(*seen);
    write(frame, backfilled(track.id, trail.last), apart);
    --reached;
  }
  pad(pending, reached, backfilled(track.id, trail.last), trail.motion, apart);
}

void bridge(std::deque<PendingFrame>& pending, std::uint32_t id, std::uint32_t apart) {
  std::size_t after = pending.size() - 1;
  while (after > 0 && (region_with(pending[after], id) == nullptr ||
                       region_with(pending[after], id)->origin == Origin::held))
    --after;
  // after: the newest detection. Walk back over detections to the gap, then over the gap to the detection
  // before it.
  while (after > 0 && already_known(pending[after - 1], id))
    --after;
  std::size_t before = after;
  while (before > 0 && !pending[before].apart && !already_known(pending[before - 1], id))
    --before;
  if (before == 0 || after == before || pending[before].apart)
    return;
  --before;
  const cv::Rect2f from = region_with(pending[before], id)->box;
  const cv::Rect2f to = region_with(pending[after], id)->box;
  for (std::size_t i = before + 1; i < after; ++i) {
    const float t = static_cast<float>(i - before) / static_cast<float>(after - before);
    FaceRegion region{.id = id,
                      .box = scaled(interpolate(from, to, t), tuning::unsure_growth),
                      .origin = Origin::backfilled};
    if (const FaceRegion* held = region_with(pending[i], id)) {
      region.score = held->score;
      // The face may have moved on a curve, or stayed and jumped. Interpolation and hold are both guesses, so
      // both are covered: as one region when they overlap, otherwise as two.
      if (overlap_of_smaller(held->box, region.box) > tuning::bridge_joins)
        region.box |= held->box;
    }
    write(pending[i], region, apart);
  }
}

} // namespace deid::facedetect
