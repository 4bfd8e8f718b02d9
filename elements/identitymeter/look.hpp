#pragma once
#include "elements/identitymeter/networks.hpp"
#include "elements/meta/face_region.hpp"
#include "elements/meta/original_face.hpp"
#include "elements/video/frame_view.hpp"
#include <span>

namespace deid::identitymeter {

/// dlib's five points of a face, px of the frame.
using Points = std::array<cv::Point2f, 5>;

/// Returns the descriptors of a frame's original faces; no pixel is kept. A face without landmarks, or with
/// landmarks that do not lie on a face, has no descriptor. number: of the frame. Throws what the networks
/// throw.
OriginalFaces take_originals(const video::FrameView& frame, std::span<const FaceRegion> faces,
                             std::uint64_t number, Networks& networks);

/// Returns the entry of a frame that is skipped on purpose.
OriginalFaces left_out(const video::FrameView& frame, std::uint64_t number);

/// Returns the mesh of the face in this face's place, found on the current frame. Returns nothing when the
/// network finds no face there (under a mask or a strong blur).
std::optional<models::FaceMeshResult> find_mesh(const video::FrameView& frame, const OriginalFace& face,
                                                Networks& networks);

/// The same as dlib's five points.
std::optional<Points> find_points(const video::FrameView& frame, const OriginalFace& face,
                                  Networks& networks);

/// Returns dlib's 150x150 chip of the frame, R, G, B row by row. Returns nothing when the points do not lie
/// on a face or lie outside the frame. Intermediate pixels are wiped.
SecretBytes cut_chip(const video::FrameView& frame, const Points& points);

/// A chip as a picture. Valid while the bytes live unchanged.
cv::Mat picture_of(const SecretBytes& chip);

} // namespace deid::identitymeter
