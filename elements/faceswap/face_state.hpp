#pragma once
#include "elements/faceswap/choice/hands_trial.hpp"
#include "elements/faceswap/choice/subject.hpp"
#include "elements/faceswap/choice/swap_gate.hpp"
#include "elements/faceswap/drawing/painter.hpp"
#include <map>

namespace deid::faceswap {

/// The state of one face for drawing.
struct RenderState {
  FaceLandmarks landmarks{};
  Memory memory{}; ///< light, sharpness and form of earlier frames
};

/// The whole state of the face with one id of facedetect.
struct FaceState {
  FaceIdentity identity{}; ///< the person
  GateState gate{};        ///< swap or blur
  RenderState render{};    ///< state of the drawing
  HandsTrial hands{};      ///< whether hands stay in front of it
  std::uint64_t last = 0;  ///< number of the last frame whose gate this face passed
};

/// The states of all faces of a stream. A reference to a state is valid until end_frame() or flush(). Thread:
/// one at a time.
class FaceStates {
public:
  /// Begins a frame with these ids and creates the states of new ids. HandsTrial starts again for a face that
  /// was not in the last frame.
  void begin_frame(std::span<const std::uint32_t> ids);
  /// Returns the state of a face of this frame. Throws std::out_of_range on another id.
  FaceState& at(std::uint32_t id) { return states_.at(id); }
  /// Returns the state of a face that is about to pass the gate. Gate and render state start again when the
  /// face was absent for long.
  FaceState& at_gate(std::uint32_t id);
  /// Returns the identities of all faces; valid until end_frame() or flush().
  std::vector<FaceIdentity*> identities();
  /// Ends the frame: forgets faces that have been absent for long. An identity with a person stays, because
  /// IdentityTracker resets it.
  void end_frame();
  /// Resets the states that a jump in the stream invalidates. identities: whether ids mean other people after
  /// the jump.
  void flush(bool identities);

private:
  [[nodiscard]] bool absent_for_long(const FaceState& state) const;
  std::map<std::uint32_t, FaceState> states_{};
  std::uint64_t number_ = 0;
};

} // namespace deid::faceswap
