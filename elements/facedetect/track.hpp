#pragma once
#include "elements/facedetect/cadence.hpp"
#include "elements/facedetect/finder.hpp"
#include "elements/meta/face_region.hpp"
#include <opencv2/core.hpp>
#include <optional>

namespace deid::facedetect {

/// A detector's box is less exact than the mesh's, of turned faces above all: its regions grow by this.
inline constexpr float without_mesh_growth = 1.2F;
inline constexpr float sure_presence = 0.9F; ///< of the mesh
/// Normalised correlation from which a patch is the same face.
inline constexpr float sure_likeness = 0.9F;

/// One face through time.
struct Track {
  std::uint32_t id = 0;
  cv::Rect2f box{};      ///< where it is now (seen or supposed), frame px
  cv::Rect2f expected{}; ///< where it was supposed to be in this frame, and how fast
  cv::Point2f expected_velocity{};
  cv::Rect2f last_box{};  ///< where it was last seen, while it is lost
  cv::Rect2f anchor{};    ///< where it, or what looks like it, was last; box moves on from there by guess
  cv::Point2f velocity{}; ///< px a beat, smoothed
  float roll = 0.F;       ///< radians
  float score = 0.F;
  float detector_score = 0.F; ///< of the detector that agreed last
  cv::Rect2f also{};          ///< the detector's own box, covered as well; empty when none looked of late
  bool also_carried = false;  ///< it is of a frame before, moved along with the face
  cv::Rect2f extent{};      ///< what was covered before the face seemed to shrink suddenly; empty: it did not
  int extent_left = 0;      ///< beats for which that stays covered
  bool corrected = false;   ///< in this frame; its features are of one of two places, both covered
  bool seen = false;        ///< in this frame
  bool born = false;        ///< in this frame
  bool found_again = false; ///< in this frame, after having been lost
  bool waits = false; ///< it stayed behind when its face was seen elsewhere: comes back at its place only
  std::uint32_t left_behind = 0; ///< found again elsewhere in this frame: id of the track that waits there
  Origin origin = Origin::detected;
  std::optional<models::FaceMeshResult> mesh{}; ///< of this frame, when it shows a face
  bool doubtful = false; ///< the mesh is good enough to follow, but its features may lie in wrong places
  cv::Rect2f sure_box{}; ///< where it last was with a mesh that is sure
  int unsure_for = 0;    ///< frames since
  int frames_seen = 0;
  int beats_lost = 0;         ///< since it was last seen
  int misses = 0;             ///< frames since it was last seen
  bool vanished = false;      ///< lost in this frame, and nothing like it is left at its place
  bool still_there = false;   ///< lost, and its place looks as it did
  int sweeps_missed = 0;      ///< strong looks at the whole frame since it was last seen
  int unconfirmed = 0;        ///< beats since a detector, not the mesh or likeness alone, agreed
  bool strong_only = false;   ///< the cheap detector does not see it; do not ask it again and again
  std::int64_t last_seen = 0; ///< ns
  cv::Mat appearance{};       ///< luma, template_side square, of the last sure frame
  [[nodiscard]] bool lost() const { return misses > 0; }
};

/// The track as others see it; lost ones grow.
FaceRegion region_of(const Track& track);

/// Its box, and the detector's own when that is covered as well.
cv::Rect2f covered_by(const Track& track);

/// How a face was seen in one frame.
struct Followed {
  cv::Rect2f box{};
  float roll = 0.F;
  float score = 0.F;
  Origin origin = Origin::tracked;
  bool by_detector = false;
  bool strong = false;
  cv::Rect2f also{}; ///< the detector's own box when the mesh gave `box`
  std::optional<models::FaceMeshResult> mesh{};
  bool doubtful = false; ///< see Track
};

/// Puts the track where it was seen in this frame, which is `step` after the frame before it.
void seat(Track& track, const Followed& seen, Step step = {});
/// A face without a sure mesh that is suddenly much smaller is a detector's doing: what was covered in the
/// frame before stays covered for a while. covered: that, by covered_by(). Call after seat() or lose().
void keep_extent(Track& track, const cv::Rect2f& covered, Step step);
/// Nobody saw it in this frame, which is `step` after the frame before it.
void lose(Track& track, Step step = {});

/// What is asked for when a face is followed into a frame.
struct Wish {
  cv::Rect2f box{};         ///< where it should be
  float roll = 0.F;         ///< radians
  bool try_mesh = true;     ///< the mesh is worth a try
  bool confirm = false;     ///< a detector must agree; mesh or likeness alone are not enough
  bool strong_only = false; ///< do not ask the cheap detector
  float threshold = 0.5F;   ///< of the detectors [0..1]
  bool doubtful = false;    ///< the mesh was, and only a detector can say otherwise
};

/// Looks for the face in a frame: mesh first, then the cheap, then the strong detector. Nothing when nobody
/// sees it.
std::optional<Followed> follow_face(Finder& finder, const video::FrameView& frame, const Wish& wish);

/// A sighting as a face of its own: with the mesh when it shows one.
/// any_turn: when the mesh sees none as the face is said to lie, the other quarter turns are tried
/// (CenterFace sees faces however they lie, but not how).
Followed settle(Finder& finder, const video::FrameView& frame, const Sighting& sighting,
                bool any_turn = false);

/// Runs the mesh at a sighting and keeps it when it shows a face that fits.
std::optional<models::FaceMeshResult> mesh_at(Finder& finder, const video::FrameView& frame,
                                              const cv::Rect2f& box, float roll);

/// Luma patch of the box, for following by likeness.
cv::Mat appearance_of(const video::FrameView& frame, const cv::Rect2f& box);
/// Where the patch is found near the box and how alike [-1..1]; nothing when there is no patch.
struct Likeness {
  cv::Rect2f box{};
  float value = 0.F;
};
std::optional<Likeness> follow_appearance(const video::FrameView& frame, const cv::Mat& appearance,
                                          const cv::Rect2f& box);

} // namespace deid::facedetect
