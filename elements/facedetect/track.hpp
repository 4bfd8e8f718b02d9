#pragma once
#include "elements/facedetect/cadence.hpp"
#include "elements/facedetect/finder.hpp"
#include "elements/meta/face_region.hpp"
#include <opencv2/core.hpp>
#include <optional>

namespace deid::facedetect {

/// Growth of a region without a mesh: a detector's box is less exact than the mesh's, especially for turned
/// faces.
inline constexpr float without_mesh_growth = 1.2F;
inline constexpr float sure_presence = 0.9F; ///< of the mesh
/// Least normalised correlation [-1..1] of a patch with the same face.
inline constexpr float sure_likeness = 0.9F;

/// One face through time.
struct Track {
  std::uint32_t id = 0;
  cv::Rect2f box{};      ///< current position, detected or predicted, frame px
  cv::Rect2f expected{}; ///< predicted box and velocity of this frame
  cv::Point2f expected_velocity{};
  cv::Rect2f last_box{}; ///< last detected box, while the track is lost
  cv::Rect2f anchor{}; ///< last box found by a detector or by appearance; prediction moves `box` on from here
  cv::Point2f velocity{}; ///< px a beat, smoothed
  float roll = 0.F;       ///< radians
  float score = 0.F;
  float detector_score = 0.F; ///< of the last detector that confirmed the track
  cv::Rect2f also{};          ///< the detector's own box, also covered; empty: no recent one
  bool also_carried = false;  ///< `also` is from an earlier frame and moved along with the face
  cv::Rect2f extent{};        ///< covered box before the face suddenly seemed to shrink; empty: it did not
  int extent_left = 0;        ///< beats for which `extent` stays covered
  bool corrected =
      false; ///< in this frame: two boxes were detected and both are covered, so there are no landmarks
  bool seen = false;        ///< in this frame
  bool born = false;        ///< in this frame
  bool found_again = false; ///< in this frame, after it was lost
  bool waits =
      false; ///< this copy stayed when its face was detected elsewhere; it is found again only at its place
  std::uint32_t left_behind =
      0; ///< found again elsewhere in this frame: id of the copy that waits at the old place; 0: none
  Origin origin = Origin::detected;
  std::optional<models::FaceMeshResult> mesh{}; ///< of this frame; empty when the mesh finds no face
  bool doubtful = false; ///< the mesh is good enough for tracking, but its landmarks may be wrong
  cv::Rect2f sure_box{}; ///< last box with a sure mesh
  int unsure_for = 0;    ///< frames since `sure_box`
  int frames_seen = 0;
  int beats_lost = 0;         ///< since the last detection
  int misses = 0;             ///< frames since the last detection
  bool vanished = false;      ///< lost in this frame, and its place no longer looks like it
  bool still_there = false;   ///< lost, and its place still looks like it
  int sweeps_missed = 0;      ///< upright sweeps of the whole frame since the last detection
  int unconfirmed = 0;        ///< beats since the last confirmation by a detector
  int unsupported = 0;        ///< beats since CenterFace, or a mesh without doubt, confirmed
  bool strong_only = false;   ///< BlazeFace does not detect the face, so only CenterFace is asked
  std::int64_t last_seen = 0; ///< ns
  cv::Mat appearance{}; ///< square luma patch of the last confirmed frame, or of the place that still looks
                        ///< like it
  [[nodiscard]] bool lost() const { return misses > 0; }
};

/// Returns the region that the stamp gets. The region of a lost track grows with time.
FaceRegion region_of(const Track& track);

/// Returns the union of the track's box and the detector's own box, frame px.
cv::Rect2f covered_by(const Track& track);

/// A detection of a face in one frame, with its mesh when there is one.
struct Followed {
  cv::Rect2f box{};
  float roll = 0.F;
  float score = 0.F;
  Origin origin = Origin::tracked;
  bool by_detector = false;
  bool strong = false;
  cv::Rect2f also{}; ///< the detector's own box when the mesh gave `box`
  std::optional<models::FaceMeshResult> mesh{};
  bool doubtful = false;  ///< see Track
  bool supported = false; ///< CenterFace agrees with BlazeFace at a low score
};

/// Updates the track with its detection in this frame. step: from the previous frame to this one.
void seat(Track& track, const Followed& seen, Step step = {});
/// Keeps the previously covered box covered for half a second when a face without a sure mesh suddenly seems
/// much smaller: the detector's box is wrong then. covered: covered_by() of the previous frame. Requires:
/// called after seat() or lose().
void keep_extent(Track& track, const cv::Rect2f& covered, Step step);
/// Marks the track as lost in this frame. step: from the previous frame to this one.
void lose(Track& track, Step step = {});

/// The request to follow a face into a frame.
struct Wish {
  cv::Rect2f box{};           ///< predicted place, frame px
  cv::Rect2f last{};          ///< place in the previous frame, frame px
  float roll = 0.F;           ///< radians
  bool try_mesh = true;       ///< run the mesh first
  bool confirm = false;       ///< a detector must confirm; mesh or appearance alone are not enough
  bool strong_only = false;   ///< skip BlazeFace
  float threshold = 0.5F;     ///< of the detectors [0..1]
  bool doubtful = false;      ///< the track's mesh was doubtful; only a detector ends that
  bool needs_support = false; ///< BlazeFace alone is not enough, see alone_for
};

/// Beats for which BlazeFace alone may confirm a track without a mesh. It takes the back of a head for a
/// face, with scores of .5 to .8 for seconds (one-by-one, frames 235 to 448).
inline constexpr int alone_for = 45;

/// Returns whether CenterFace sees a face at the sighting, too, if only with a low score. Throws
/// models::ModelError.
bool is_supported(Finder& finder, const video::FrameView& frame, const Sighting& sighting, float threshold);

/// Follows the face into a frame: by the mesh, then by close looks of BlazeFace and of CenterFace. Returns
/// nothing when none of them finds it. Throws models::ModelError.
std::optional<Followed> follow_face(Finder& finder, const video::FrameView& frame, const Wish& wish);

/// Returns the sighting with its mesh, when the mesh finds a face there.
/// any_turn: when the mesh finds no face at the sighting's roll, it tries the other quarter turns. CenterFace
/// detects faces at any roll but does not measure the roll.
/// Throws models::ModelError.
Followed settle(Finder& finder, const video::FrameView& frame, const Sighting& sighting,
                bool any_turn = false);

/// Runs the mesh at a box (frame px) and a roll (radians). Returns nothing when the box is smaller than 28 px
/// or the mesh finds no face near it. Throws models::ModelError.
std::optional<models::FaceMeshResult> mesh_at(Finder& finder, const video::FrameView& frame,
                                              const cv::Rect2f& box, float roll);

/// Returns the luma patch of the box, for tracking by appearance.
cv::Mat appearance_of(const video::FrameView& frame, const cv::Rect2f& box);
/// The best match of a patch near a box, frame px, and its normalised correlation [-1..1].
struct Likeness {
  cv::Rect2f box{};
  float value = 0.F;
};
std::optional<Likeness> follow_appearance(const video::FrameView& frame, const cv::Mat& appearance,
                                          const cv::Rect2f& box);

} // namespace deid::facedetect
