#pragma once
#include "elements/video/frame_view.hpp"
#include "models/blazeface/blazeface.hpp"
#include "models/facemesh/facemesh.hpp"
#include <optional>
#include <vector>

namespace deid::facedetect {

/// Rotation of the picture before detection, so that a lying or inverted face is upright.
enum class Turn : std::uint8_t { none, clockwise, half, counter_clockwise };

/// Resolution, and so cost, of one run of CenterFace.
enum class Sight : std::uint8_t {
  fine,   ///< enough for small faces
  quick,  ///< half the cost
  window, ///< square input: for windows of large frames and for turned sweeps
};

/// One run of CenterFace: the part of the frame, in frame px, and its rotation.
struct SweepJob {
  cv::Rect area{};
  Turn turn = Turn::none;
  Sight sight = Sight::fine;
  bool brightened = false; ///< local contrast is raised, for dark areas
  float doubt = 0.F;       ///< subtracted from each score, because such a job has more false detections
};

/// Eyes and mouth as a detector gives them, frame px.
struct Features {
  cv::Point2f eyes{};  ///< midpoint between the eyes
  cv::Point2f mouth{}; ///< its midpoint
};

/// One detection of a face in one frame. box: hairline to chin and ear to ear, frame px. score: [0..1]. roll:
/// radians, clockwise on screen.
struct Sighting {
  cv::Rect2f box{};
  float score = 0.F;
  float roll = 0.F;
  bool strong = false; ///< detected by CenterFace, whose results weigh more than BlazeFace's
  std::optional<Features> features{};
  bool cut = false; ///< cut by the edge of the job's area: a piece of a face that another job shows whole
};

/// A head that body points show, whether or not its face is visible.
struct Head {
  cv::Rect2f box{};  ///< the whole head, frame px
  float score = 0.F; ///< confidence [0..1]
  bool away = false; ///< seen from behind
};

/// Interface to the networks, so that the tracker can be tested without them. All results are in frame px.
/// Not thread-safe. Every call may throw models::ModelError; then the frame must not leave. threshold: least
/// score [0..1].
class Finder {
public:
  virtual ~Finder() = default;
  /// Runs BlazeFace on the whole frame.
  virtual std::vector<Sighting> glance(const video::FrameView& frame, float threshold) = 0;
  /// Runs CenterFace on the job's part of the frame.
  virtual std::vector<Sighting> sweep(const video::FrameView& frame, const SweepJob& job,
                                      float threshold) = 0;
  /// Close look: runs BlazeFace, or CenterFace when `strong`, on a crop around the box (frame px). roll: tilt
  /// of the face, radians. Returns the best detection, or nothing.
  virtual std::optional<Sighting> look(const video::FrameView& frame, const cv::Rect2f& box, float roll,
                                       float threshold, bool strong) = 0;
  /// Runs the 468-point mesh in a region of interest.
  virtual models::FaceMeshResult mesh(const video::FrameView& frame, const models::RotatedRoi& roi) = 0;
  /// Finds bodies in the whole frame, after rotating it by `turn`, and returns their heads. sight: `fine` for
  /// stills.
  virtual std::vector<Head> heads(const video::FrameView& frame, Turn turn, Sight sight) = 0;
};

} // namespace deid::facedetect
