#pragma once
#include "elements/facedetect/finder.hpp"
#include "models/movenet/movenet.hpp"
#include <optional>

namespace deid::facedetect {

/// The head of a body, from nose, eyes, ears and shoulders; nothing when these points are weak or lie on each
/// other. Values are in px of the picture that the body was seen in. cell: px of it that one cell of the
/// network's maps is large; what is smaller than a few cells is nobody's head.
[[nodiscard]] std::optional<Head> head_of(const models::Body& body, float cell);

} // namespace deid::facedetect
