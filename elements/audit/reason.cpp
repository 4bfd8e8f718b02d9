#include "elements/audit/reason.hpp"
#include <array>

namespace deid::audit {

namespace {

struct Words {
  const char* code;
  const char* sentence;
};

/// In the order of the enumeration. The table of docs/faceswap.md has the same rows, and a test compares
/// both.
constexpr std::array<Words, reason_count> all{
    {{"none", ""},
     {"no-landmarks", "The face has no landmarks: it is turned away, held, or back-filled."},
     {"unsure", "The face mesh is not sure enough that this is a face."},
     {"turned", "The head is turned further than max-angle."},
     {"cut", "A quarter of the face's box or more, and a part of its mesh, is outside the frame."},
     {"close", "Another face overlaps it."},
     {"small", "The face has too few pixels: its mesh is less than 20 px in its larger side."},
     {"no-target", "There are more people than targets."},
     {"choosing", "The person or the best target is not known yet."},
     {"target-too-close", "Every free target looks too much like this person."},
     {"result-too-close", "The result looks too much like this person."},
     {"not-assigned", "The property assign leaves this face out."},
     {"nothing-drawn", "No part of the face looks at the viewer, or opacity is 0."},
     {"not-trained-for", "The only network was trained for another person."},
     {"soon", "The face can be swapped, but it waits until this is certain."},
     {"busy", "The computer is too slow to swap a live source at this moment."},
     {"outside-frame", "No pixel of the face lies in the frame. Nothing was done to it."}}};

static_assert(static_cast<std::size_t>(Reason::outside) + 1 == reason_count);

} // namespace

const char* to_string(Reason reason) {
  return all.at(static_cast<std::size_t>(reason)).code;
}

const char* sentence(Reason reason) {
  return all.at(static_cast<std::size_t>(reason)).sentence;
}

std::optional<Reason> reason_of(std::string_view code) {
  for (std::size_t i = 1; i < reason_count; ++i)
    if (code == all.at(i).code)
      return static_cast<Reason>(i);
  return std::nullopt;
}

} // namespace deid::audit
