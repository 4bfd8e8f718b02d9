#pragma once
#include "elements/video/frame_view.hpp"
#include "models/blazeface/blazeface.hpp"
#include "models/facemesh/facemesh.hpp"
#include <optional>
#include <vector>

namespace deid::facedetect {

/// Quarter turns that make a lying or inverted face upright before a detector looks at it.
enum class Turn : std::uint8_t { none, clockwise, half, counter_clockwise };

/// How much the strong detector resolves of what it looks at, and what a look costs.
enum class Sight : std::uint8_t {
  fine,   ///< as much as it needs for small faces
  quick,  ///< half the cost
  window, ///< by a square network: windows of large frames, and turned looks, which have the other shape
};

/// Part of the frame, in frame px, that one run of the strong detector looks at, and how it is turned for it.
struct SweepJob {
  cv::Rect area{};
  Turn turn = Turn::none;
  Sight sight = Sight::fine;
  bool brightened = false; ///< contrast is raised everywhere, so that the dark is seen
  float doubt = 0.F; ///< taken off the score of what is seen, because the look shows faces where none are
};

/// Where a detector saw a face's features, frame px.
struct Features {
  cv::Point2f eyes{};  ///< the middle between them
  cv::Point2f mouth{}; ///< its middle
};

/// A face as somebody saw it: box is hairline to chin and ear to ear in frame px; roll in radians, clockwise
/// on screen.
struct Sighting {
  cv::Rect2f box{};
  float score = 0.F;
  float roll = 0.F;
  bool strong = false; ///< by the strong detector (CenterFace), whose misses and finds weigh more
  std::optional<Features> features{};
  bool cut = false; ///< by the edge of the part that was looked at: a piece of a face, whole in another look
};

/// A head as a person's body points show it, whether or not its face can be seen.
struct Head {
  cv::Rect2f box{};  ///< the whole head, frame px
  float score = 0.F; ///< that a person's head is there [0..1]
  bool away = false; ///< seen from behind
};

/// The networks as the tracker sees them, so that it can be tested without any. Not thread-safe. All results
/// in frame px. Every call may throw models::ModelError; the caller must then not let the frame leave.
class Finder {
public:
  virtual ~Finder() = default;
  /// Cheap look at the whole frame.
  virtual std::vector<Sighting> glance(const video::FrameView& frame, float threshold) = 0;
  /// Strong look at a part of the frame.
  virtual std::vector<Sighting> sweep(const video::FrameView& frame, const SweepJob& job,
                                      float threshold) = 0;
  /// Close look where a face should be: cheap (BlazeFace) or strong (CenterFace). box: where; roll: how the
  /// face is tilted.
  virtual std::optional<Sighting> look(const video::FrameView& frame, const cv::Rect2f& box, float roll,
                                       float threshold, bool strong) = 0;
  /// The 468-point mesh in a region of interest.
  virtual models::FaceMeshResult mesh(const video::FrameView& frame, const models::RotatedRoi& roi) = 0;
  /// Heads of the people whose bodies are seen in the whole frame, turned first; fine sight is for stills.
  virtual std::vector<Head> heads(const video::FrameView& frame, Turn turn, Sight sight) = 0;
};

} // namespace deid::facedetect
