#pragma once
#include "elements/facedetect/moment.hpp"
#include "elements/facedetect/track.hpp"
#include <cstdint>
#include <optional>
#include <vector>

namespace deid::facedetect {

// Rules between tracks.

/// Whether a visible face of another track covers the box.
[[nodiscard]] bool hidden(const std::vector<Track>& tracks, const cv::Rect2f& box, const Track& by);

/// Call it before a lost track, predicted at `place`, is updated to `box`. Returns a copy of the track that
/// waits at `place`, when `box` is elsewhere and no other lost track waits there. next_id: id of the copy; it
/// is increased.
[[nodiscard]] std::optional<Track> leave_behind(const std::vector<Track>& tracks, Track& track,
                                                const cv::Rect2f& place, const cv::Rect2f& box,
                                                std::uint32_t& next_id);

/// Resolves two tracks on one face: the older one stays. The younger one becomes lost at its predicted place
/// (a person behind another). It is dropped when it is new in this frame and its mesh is the same.
void merge_doubles(std::vector<Track>& tracks);

/// Drops the tracks that were lost for too long.
void expire(std::vector<Track>& tracks, const Moment& moment);

/// Adds the tracks of `before` whose face was not found again. A face that was found again keeps the id of
/// its track in `before`.
void keep_unseen(std::vector<Track>& tracks, std::vector<Track> before);

} // namespace deid::facedetect
