#pragma once
#include "pipelines/deid/evaluate/report/leaks.hpp"

/// Where faces are in a frame that was not searched.
namespace deid::evaluate {

/// [IoU] Two boxes of one face in two searched frames have at least this much in common. With less, a face
/// counts for another one that is near; with more, faces that move are searched for in every frame.
constexpr double same_face_again = .5;

/// Returns the faces of a frame between two searched frames, each on the straight line between its two
/// places. share: how far the frame is on its way from the first to the second one [0..1]. A face keeps the
/// lower of its two scores. Returns nothing when the faces of the two frames are not pairs: then the frame
/// must be searched.
std::optional<std::vector<Seen>> between(std::span<const Seen> before, std::span<const Seen> after,
                                         double share);

} // namespace deid::evaluate
