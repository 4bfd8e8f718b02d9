#include "elements/facedetect/region.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <utility>

namespace deid::facedetect {

namespace {

cv::Rect2f held_box(const Track& track) {
  const Absence nothing{.last_box = track.box, .anchor = track.box};
  const Absence& absence = track.lost() ? *track.absence() : nothing;
  cv::Rect2f box = scaled(track.box, std::min(tuning::held_growth_most,
                                              tuning::held_growth_first +
                                                  tuning::held_growth * static_cast<float>(absence.beats)));
  if (absence.beats <= tuning::both_places_for) // it may have moved on or stopped
    box |= absence.last_box;
  return box | absence.anchor; // a predicted box does not uncover the last known place
}

cv::Rect2f seen_box(const Track& track) {
  cv::Rect2f box = track.box;
  if (track.clear_mesh() == nullptr)
    box = scaled(track.box, tuning::without_mesh_growth);
  // Between two confirmations appearance runs ahead of a face that slows down.
  if (track.mesh() == nullptr && track.trust.unconfirmed > 0)
    box |= shifted(box, -track.velocity * (static_cast<float>(track.trust.unconfirmed) / tuning::runs_ahead));
  if (const cv::Rect2f too = covered_too(track); !too.empty())
    box |= too;
  return box;
}

/// Whether the last sure box is covered beside the box: a detector's box or an unsure mesh may be smaller
/// than the face was a moment ago.
bool covers_sure_box(const Track& track) {
  const Trust& trust = track.trust;
  return track.seen() && trust.unsure_for > 0 && trust.unsure_for <= tuning::both_places_for &&
         !trust.sure_box.empty();
}

/// Returns the mesh whose landmarks the region gets, or null. Covers that are drawn from landmarks do not
/// follow the box when it grows by the last sure box. So a region whose landmarks leave out much of that box
/// gets no landmarks.
const models::FaceMeshResult* given_mesh(const Track& track) {
  const cv::Rect2f& sure = track.trust.sure_box;
  const bool beside = covers_sure_box(track) && (track.box & sure).area() < tuning::sure_within * sure.area();
  return track.now.corrected || beside ? nullptr : track.clear_mesh();
}

bool outside(const cv::Rect2f& box, const video::FrameView& frame) {
  const cv::Rect2f all(0, 0, static_cast<float>(frame.width), static_cast<float>(frame.height));
  return (box & all).area() <= tuning::least_inside * box.area();
}

bool cut_off(const cv::Rect2f& box, const video::FrameView& frame) {
  return box.x < 0 || box.y < 0 || box.br().x > static_cast<float>(frame.width) ||
         box.br().y > static_cast<float>(frame.height);
}

} // namespace

FaceRegion region_of(const Track& track) {
  FaceRegion region;
  region.id = track.id;
  region.score = track.score;
  const Seen* seen = std::get_if<Seen>(&track.state);
  region.origin = seen != nullptr ? seen->origin : Origin::held;
  region.box = seen != nullptr ? seen_box(track) : held_box(track);
  if (!track.extent.box.empty())
    region.box |= track.extent.box;
  if (covers_sure_box(track))
    region.box |= track.trust.sure_box;
  if (const models::FaceMeshResult* mesh = given_mesh(track)) {
    region.landmarks = mesh->landmarks;
    region.score = std::max(track.score, mesh->presence);
    const models::HeadAngles angles = models::head_angles(*mesh);
    region.pose = {angles.yaw, angles.pitch, angles.roll};
  }
  return region;
}

std::vector<FaceRegion> regions_of(const std::vector<Track>& tracks, const video::FrameView& frame) {
  std::vector<FaceRegion> regions;
  for (const Track& track : tracks)
    if (FaceRegion region = region_of(track); track.seen() || !outside(region.box, frame))
      regions.push_back(std::move(region)); // the whole region counts, not the predicted box alone
  for (FaceRegion& region : regions)        // a face that the frame's edge cuts has a less exact box
    if (cut_off(scaled(region.box, tuning::near_edge), frame))
      region.box = scaled(region.box, tuning::cut_off_growth);
  return regions;
}

void keep_extent(Track& track, const cv::Rect2f& covered, Step step) {
  Extent& extent = track.extent;
  if (track.clear_mesh() != nullptr || step.apart) {
    extent.box = {};
    return;
  }
  extent.beats_left -= step.beats;
  if (track.seen() && overlap_of_smaller(track.box, covered) > tuning::still_within &&
      covered_by(track).area() < tuning::shrunk * covered.area()) {
    extent.box = extent.box.empty() ? covered : extent.box | covered;
    extent.beats_left = tuning::extent_stays;
  }
  if (extent.beats_left <= 0 || overlap_of_smaller(track.box, extent.box) < tuning::still_within)
    extent.box = {};
}

} // namespace deid::facedetect
