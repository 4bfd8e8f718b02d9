#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/meta/face_region.hpp"
#include <opencv2/core.hpp>
#include <optional>

namespace deid::facedetect {

/// One face through time.
struct Track {
  std::uint32_t id = 0;
  cv::Rect2f box{};             ///< where it is now (seen or supposed), frame px
  cv::Point2f velocity{};       ///< px a frame, smoothed
  float roll = 0.F;             ///< radians
  float score = 0.F;
  float best_score = 0.F;
  bool seen = false;            ///< in this frame
  bool born = false;            ///< in this frame
  bool found_again = false;     ///< in this frame, after having been lost
  Origin origin = Origin::detected;
  std::optional<models::FaceMeshResult> mesh{}; ///< of this frame, when it shows a face
  int frames_seen = 0;
  int frames_lost = 0;          ///< since it was last seen
  int sweeps_missed = 0;        ///< strong looks at the whole frame since it was last seen
  int unconfirmed = 0;          ///< frames since a detector, not the mesh alone, agreed
  std::int64_t last_seen = 0;   ///< ns
  cv::Mat appearance{};         ///< luma, template_side square, of the last sure frame
  [[nodiscard]] bool lost() const { return frames_lost > 0; }
};

/// The track as others see it; lost ones grow.
FaceRegion region_of(const Track& track);

/// Result of a follow attempt at one frame.
struct Followed {
  cv::Rect2f box{};
  float roll = 0.F;
  float score = 0.F;
  Origin origin = Origin::tracked;
  bool by_detector = false;
  std::optional<models::FaceMeshResult> mesh{};
};

/// Looks for the face near `box` in a frame: mesh first (when `had_mesh`), then the cheap, then the strong detector.
/// confirm: a detector must agree, the mesh alone is not enough. Nothing when nobody sees it.
std::optional<Followed> follow_face(Finder& finder, const video::FrameView& frame, const cv::Rect2f& box, float roll, bool had_mesh,
                                    bool confirm, float threshold);

/// Runs the mesh at a sighting and keeps it when it shows a face that fits.
std::optional<models::FaceMeshResult> mesh_at(Finder& finder, const video::FrameView& frame, const cv::Rect2f& box, float roll);

/// Luma patch of the box, for following by likeness.
cv::Mat appearance_of(const video::FrameView& frame, const cv::Rect2f& box);
/// Where the patch is found near the box; nothing when nothing there looks like it.
std::optional<cv::Rect2f> follow_appearance(const video::FrameView& frame, const cv::Mat& appearance, const cv::Rect2f& box);

} // namespace deid::facedetect
