#pragma once
#include "elements/facedetect/cadence.hpp"
#include "elements/facedetect/followed.hpp"
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <variant>

namespace deid::facedetect {

/// How far a track is confirmed. A loss keeps it: a face that is found again goes on from there.
struct Trust {
  float detector_score = 0.F; ///< of the last detector that confirmed the track
  bool doubtful = false;      ///< the last mesh was good enough for tracking, but its landmarks may be wrong
  bool strong_only = false;   ///< BlazeFace does not detect the face, so only CenterFace is asked
  int unconfirmed = 0;        ///< beats since the last confirmation by a detector
  int unsupported = 0;        ///< beats since CenterFace, or a mesh without doubt, confirmed
  int frames_seen = 0;
  cv::Rect2f sure_box{}; ///< last box with a sure mesh; empty: none yet
  int unsure_for = 0;    ///< frames in which the face was seen since `sure_box`
};

/// The covered box before the face suddenly seemed to shrink.
struct Extent {
  cv::Rect2f box{};   ///< empty: it did not
  int beats_left = 0; ///< for which `box` stays covered
};

/// State: seen in this frame.
struct Seen {
  Origin origin = Origin::detected;
  std::optional<models::FaceMeshResult> mesh{}; ///< of this frame; empty when the mesh finds no face
  cv::Rect2f covered_too{}; ///< other detections of the face, such as the detector's own box; empty: none
  bool carried = false;     ///< `covered_too` is of an earlier frame and moved along with the face
};

/// State: seen in the previous frame and not looked for in this one yet.
struct Due {
  bool had_mesh = false;
  cv::Rect2f covered_too{}; ///< of the previous frame
};

/// Since the last detection. The place of the face is Track::box, which is predicted.
struct Absence {
  cv::Rect2f last_box{}; ///< when the face was lost
  cv::Rect2f anchor{};   ///< last box found by a detector or by appearance; prediction moves on from here
  int beats = 0;
  int frames = 0;           ///< at least 1
  int sweeps = 0;           ///< upright sweeps of the whole frame
  bool still_there = false; ///< the place still looks like the face
  cv::Rect2f covered_too{}; ///< as Seen has it, until the next frame; then empty
};

/// State: not found since some frames.
struct Lost {
  Absence absence{};
};

/// State: a copy that stayed when its face was found elsewhere. It is found again only at its place.
struct Waiting {
  Absence absence{};
};

using TrackState = std::variant<Seen, Due, Lost, Waiting>;

/// The results of one frame. begin_frame() clears them.
struct ThisFrame {
  cv::Rect2f expected{}; ///< predicted box and velocity
  cv::Point2f expected_velocity{};
  bool born = false;
  bool found_again = false;      ///< after it was lost
  bool corrected = false;        ///< two boxes were detected and both are covered, so no landmarks are given
  bool vanished = false;         ///< lost, and its place no longer looks like it
  std::uint32_t left_behind = 0; ///< found elsewhere: id of the copy that waits at the old place; 0: none
};

/// One face through time. All boxes in frame px.
struct Track {
  std::uint32_t id = 0;
  cv::Rect2f box{};       ///< detected or predicted
  cv::Point2f velocity{}; ///< px a beat, smoothed
  float roll = 0.F;       ///< radians
  float score = 0.F;
  Trust trust{};
  Extent extent{};
  std::int64_t last_seen = 0; ///< ns
  cv::Mat appearance{}; ///< square luma patch of the last confirmed frame, or of the place that still looks
                        ///< like it
  TrackState state = Seen{};
  ThisFrame now{};

  [[nodiscard]] bool seen() const { return std::holds_alternative<Seen>(state); }
  [[nodiscard]] bool due() const { return std::holds_alternative<Due>(state); }
  [[nodiscard]] bool waits() const { return std::holds_alternative<Waiting>(state); }
  /// Lost or Waiting.
  [[nodiscard]] bool lost() const { return absence() != nullptr; }
  /// Returns null when the track is not lost.
  [[nodiscard]] const Absence* absence() const;
  [[nodiscard]] Absence* absence();
  /// Returns null when the track is not seen in this frame, or has no mesh.
  [[nodiscard]] const models::FaceMeshResult* mesh() const;
  /// Returns the mesh when its landmarks are without doubt, otherwise null.
  [[nodiscard]] const models::FaceMeshResult* clear_mesh() const { return trust.doubtful ? nullptr : mesh(); }
  /// Returns 0 when the track is not lost.
  [[nodiscard]] int beats_lost() const { return lost() ? absence()->beats : 0; }
};

// The transitions. No other code leads from one state to another.

/// Clears the results of the previous frame. Seen becomes Due.
void begin_frame(Track& track);
/// Any state becomes Seen: updates the track with its detection. step: from the previous frame to this one.
void seat(Track& track, const Followed& seen, Step step = {});
/// Seen and Due become Lost; Lost and Waiting stay so. step: from the previous frame to this one.
void lose(Track& track, Step step = {});
/// Seen becomes Lost at the place where it was expected: another track is on its face, and its own face may
/// be behind that one. Requires: begin_frame() or begin_track(), and now.expected is set.
void give_way(Track& track);
/// Returns a copy that waits at the place of a lost track, under its own id. Requires: lost().
Track waiting_copy(const Track& track, std::uint32_t id);
/// Returns a new track, seen in this frame. time: of the frame, ns.
Track begin_track(std::uint32_t id, const Followed& seen, std::int64_t time);

/// Covers this box beside the track's own. Does nothing unless the track is seen.
void cover_too(Track& track, const cv::Rect2f& box);
/// Returns the union of the track's box and of the boxes that are covered beside it.
cv::Rect2f covered_by(const Track& track);
/// Returns the boxes that are covered beside the track's own; empty: none.
cv::Rect2f covered_too(const Track& track);

} // namespace deid::facedetect
