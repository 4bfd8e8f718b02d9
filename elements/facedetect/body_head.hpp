#pragma once
#include "elements/facedetect/finder.hpp"
#include "models/movenet/movenet.hpp"
#include <optional>

namespace deid::facedetect {

/// Returns the head of a body, from its nose, eyes, ears and shoulders. Returns nothing when these points are
/// weak or when the head would be smaller than a few cells. All values are in px of the picture in which the
/// body was detected. cell: size of one cell of the network's maps, in these px.
[[nodiscard]] std::optional<Head> head_of(const models::Body& body, float cell);

} // namespace deid::facedetect
