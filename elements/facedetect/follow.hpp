#pragma once
#include "elements/facedetect/finder.hpp"
#include "elements/facedetect/followed.hpp"
#include <opencv2/core.hpp>
#include <optional>

namespace deid::facedetect {

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
  float confirmed = 0.F;      ///< score of the last detector that confirmed the track
  bool needs_support = false; ///< BlazeFace alone is not enough, see tuning::alone_for
};

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

/// Runs the mesh at a box (frame px) and a roll (radians). Returns nothing when the box is smaller than
/// tuning::mesh_smallest or the mesh finds no face near it. Throws models::ModelError.
std::optional<models::FaceMeshResult> mesh_at(Finder& finder, const video::FrameView& frame,
                                              const cv::Rect2f& box, float roll);

} // namespace deid::facedetect
