#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

namespace deid::faceswap {

/// Why a face is not swapped.
enum class Reason : std::uint8_t {
  none,             ///< The face is swapped.
  no_landmarks,     ///< The face is held, back-filled or turned away, so its landmarks are not known.
  unsure,           ///< The score of the mesh is too low.
  turned,           ///< The head is turned further than max_angle.
  cut,              ///< Much of the face lies outside the frame.
  close,            ///< Another face overlaps, and the two meshes may be mixed up.
  small,            ///< The face has too few px.
  no_target,        ///< There are more people than targets.
  choosing,         ///< The person or the best target is not known yet.
  target_too_close, ///< Every free target looks like this person.
  result_too_close, ///< The describer found that the result looks like this person.
  not_assigned,     ///< The selection leaves this face out.
  not_drawn,        ///< No part of the swap is visible.
  not_trained,      ///< The only target was trained for another person.
};
/// Returns the word that the audit and the bus use.
const char* to_string(Reason reason);

/// The target of one face, or the reason why the face has none.
struct Assignment {
  std::optional<std::size_t> target{}; ///< index in the list of targets
  Reason why = Reason::no_target;      ///< meaningful without a target
};

} // namespace deid::faceswap
