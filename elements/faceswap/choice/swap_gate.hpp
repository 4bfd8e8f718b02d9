#pragma once
#include "elements/faceswap/choice/eligibility.hpp"
#include <vector>

namespace deid::faceswap {

struct SwapGateOptions {
  float max_angle = 45.F; ///< degrees of yaw and pitch, [0..90]
  int fade = 6;           ///< frames from blur to swap and back, [0..100]
};

/// SwapGate's state of one face.
struct GateState {
  int credit = 0;       ///< frames in which score_to_go_on applies instead of score_to_begin
  bool swapped = false; ///< The gate was open in the last frame.
  bool swapped_before =
      false;               ///< The gate was open at least once. The first time needs no run of good frames.
  bool first_swap = false; ///< The gate opened for the first time in the last frame.
  int waited = 0;          ///< frames before the gate opened for the first time
  float blend_weight = -1; ///< weight of the swap over the blur [0..1]; -1: the face is new
  int good = 0;            ///< frames in a row that could be swapped
  int extrapolated = 0;    ///< frames in a row whose landmarks were extrapolated
  bool operator==(const GateState&) const = default;
};

/// The source of the landmarks that a face is drawn with.
enum class LandmarkSource : std::uint8_t {
  none,         ///< The face cannot be drawn.
  frame,        ///< this frame
  extrapolated, ///< an earlier frame, moved along with the box
};

/// The landmarks for drawing one face.
struct FaceLandmarks {
  std::vector<cv::Point3f> points{}; ///< 468, frame px; empty: none are known
  cv::Rect2f box{};                  ///< of the region in the last frame
};

/// Opens and closes the swap of one face, with a hysteresis and a cross-fade over the cover. All functions
/// are pure: the result follows from the arguments alone. Thread: any.
class SwapGate {
public:
  struct Input {
    Reason seen = Reason::none;  ///< answer of judge() with limits()
    Assignment assignment{};     ///< of this face
    bool has_mesh = false;       ///< answer of has_mesh()
    float score = 0;             ///< of the mesh
    bool landmarks_kept = false; ///< landmarks of an earlier frame are at hand
  };
  struct Step {
    Reason reason = Reason::none;
    float blend_weight = 0; ///< weight of the swap over the cover [0..1]; 0: the cover alone
    LandmarkSource landmarks = LandmarkSource::none;
    [[nodiscard]] bool extrapolated() const { return landmarks == LandmarkSource::extrapolated; }
    bool operator==(const Step&) const = default;
  };
  struct Result {
    GateState state{};
    Step step{};
  };

  /// Returns the limits for a face in this state. An open gate allows some degrees more.
  static Limits limits(const GateState& state, const SwapGateOptions& options);
  /// Returns the score that the mesh must reach. A frame with score_to_begin or more gives the face credit;
  /// every other frame uses up some. score_to_go_on is enough while credit is left. So one frame near the
  /// limit decides for some seconds only, and many frames decide for long.
  static float least_score(const GateState& state);
  /// Returns the state and the decision that follow from one frame. A face that can be swapped when it is new
  /// or soon after opens the gate at once; later changes fade. When landmarks are missing for a few frames,
  /// the gate stays open with extrapolated ones: the cover below does not depend on landmarks. A face that
  /// cannot be drawn (cut, close, small, without an assignment) is covered at once.
  static Result step(const GateState& before, const Input& input, const SwapGateOptions& options);
  /// Returns the state of a face that was covered in this frame against the decision of step(): the swap
  /// comes back as from the blur.
  static GateState covered(const GateState& state);
  /// Does one frame of one face: judges the face, takes the step, and brings the landmarks up to date.
  /// others: all faces of the frame; `face` itself may be one of them.
  static Step frame(const FaceRegion& face, std::span<const FaceRegion> others, cv::Size size,
                    const Assignment& assignment, const SwapGateOptions& options, GateState& state,
                    FaceLandmarks& landmarks);
};

} // namespace deid::faceswap
