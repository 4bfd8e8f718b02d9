#include "elements/facedetect/track_list.hpp"
#include "elements/facedetect/geometry.hpp"
#include "elements/facedetect/tuning.hpp"
#include <algorithm>
#include <utility>

namespace deid::facedetect {

namespace {

bool same_features(const Track& a, const Track& b) {
  const models::FaceMeshResult *first = a.mesh(), *second = b.mesh();
  if (first == nullptr || second == nullptr || first->landmarks.size() != second->landmarks.size())
    return false;
  double apart = 0;
  for (std::size_t i = 0; i < first->landmarks.size(); ++i)
    apart += cv::norm(first->landmarks[i] - second->landmarks[i]);
  return apart <
         tuning::same_features_within * face_size(a.box) * static_cast<double>(first->landmarks.size());
}

bool on_one_face(const Track& a, const Track& b) {
  return a.seen() && b.seen() && iou(a.box, b.box) >= tuning::double_iou;
}

/// The frames for which a lost face is held at least.
int least_frames(const Absence& absence, Step step) {
  if (!step.apart)
    return tuning::held_at_least;
  return absence.still_there ? tuning::held_frames_alike : tuning::held_frames;
}

} // namespace

bool hidden(const std::vector<Track>& tracks, const cv::Rect2f& box, const Track& by) {
  return std::ranges::any_of(tracks, [&](const Track& t) {
    return t.id != by.id && t.seen() && iou(t.box, box) > tuning::in_front_iou;
  });
}

std::optional<Track> leave_behind(const std::vector<Track>& tracks, Track& track, const cv::Rect2f& place,
                                  const cv::Rect2f& box, std::uint32_t& next_id) {
  // A sighting beside the place of a lost track may be another person, and the lost face may still be at its
  // place.
  if (!track.lost() || same_face(box, place))
    return std::nullopt;
  if (std::ranges::any_of(tracks, [&](const Track& t) {
        return t.id != track.id && t.lost() && t.last_seen >= track.last_seen && same_face(t.box, place);
      }))
    return std::nullopt;
  Track behind =
      waiting_copy(track, next_id); // if it did not wait, each jump would leave one more that jumps
  track.now.left_behind = next_id++;
  return behind;
}

void merge_doubles(std::vector<Track>& tracks) {
  for (std::size_t i = 0; i < tracks.size(); ++i)
    for (std::size_t j = i + 1; j < tracks.size(); ++j) {
      Track& elder = tracks[i];
      Track& younger = tracks[j];
      if (!on_one_face(elder, younger))
        continue;
      if (younger.now.born && same_features(elder, younger)) { // one face, detected twice
        std::get<Seen>(elder.state).covered_too = covered_by(elder) | covered_by(younger);
        tracks.erase(tracks.begin() + static_cast<std::ptrdiff_t>(j--));
        continue;
      }
      give_way(younger); // its place is not that of the older track's face
    }
}

void expire(std::vector<Track>& tracks, const Moment& moment) {
  std::erase_if(tracks, [&](const Track& track) {
    if (!track.lost())
      return false;
    const Absence& absence = *track.absence();
    const float sure = std::min(1.F, static_cast<float>(track.trust.frames_seen) / tuning::frames_until_sure);
    const auto hold = static_cast<std::int64_t>(sure * static_cast<float>(moment.settings.hold_time));
    return absence.beats > tuning::held_at_least && absence.frames > least_frames(absence, moment.step) &&
           absence.sweeps > 0 && moment.frame.time - track.last_seen > hold;
  });
}

void keep_unseen(std::vector<Track>& tracks, std::vector<Track> before) {
  const std::size_t found = tracks.size();
  for (Track& track : before) {
    const auto last = tracks.begin() + static_cast<std::ptrdiff_t>(found);
    const auto again = std::find_if(tracks.begin(), last,
                                    [&](const Track& t) { return same_face(covered_by(t), track.box); });
    if (again == last)
      tracks.push_back(std::move(track));
    else
      again->id = std::min(again->id, track.id);
  }
}

} // namespace deid::facedetect
