#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace deid::audit {

/// Why a face is not swapped, or is not even covered.
enum class Reason : std::uint8_t {
  none,             ///< There is no reason: what was asked for was done.
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
  soon,             ///< The face could be swapped, and waits for a check or for a run of the describer.
  busy,             ///< The computer is too slow to swap live at this moment.
  outside,          ///< No pixel of the face lies in the frame.
};
constexpr std::size_t reason_count = 17;

/// Returns the code: the word that the audit and the bus use.
const char* to_string(Reason reason);
/// Returns the sentence for people; empty for none.
const char* sentence(Reason reason);
/// Returns the reason with this code; nothing for another word, and for "none", which is never written.
std::optional<Reason> reason_of(std::string_view code);

} // namespace deid::audit
