#pragma once
#include "elements/identitymeter/networks.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/meta/original_face.hpp"
#include "elements/video/frame_view.hpp"
#include <span>

namespace deid::identitymeter {

/// dlib's five points of a face, px of the frame.
using Points = std::array<cv::Point2f, 5>;

/// The original faces of a frame, described; no pixel of them is kept. A face without landmarks, or with
/// landmarks that are no face, has no descriptor. number: of the frame. Throws what the networks throw.
OriginalFaces take_originals(const video::FrameView& frame, std::span<const FaceRegion> faces,
                             std::uint64_t number, Networks& networks);

/// The same frame, left out on purpose.
OriginalFaces left_out(const video::FrameView& frame, std::uint64_t number);

/// The points of what stands where this face was, found on the frame as it is now; nothing when the mesh sees
/// no face there (under a mask, a strong blur).
std::optional<Points> find_points(const video::FrameView& frame, const OriginalFace& face,
                                  Networks& networks);

/// The 150x150 chip that dlib would cut out of the frame, R, G, B row by row; nothing when the points are no
/// face's or lie outside the frame. What was cut on the way is wiped.
SecretBytes cut_chip(const video::FrameView& frame, const Points& points);

/// A chip as a picture; valid while the bytes live and are not changed.
cv::Mat picture_of(const SecretBytes& chip);

} // namespace deid::identitymeter
