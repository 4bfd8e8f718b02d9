#pragma once
#include "elements/faceswap/drawing/painter.hpp"

namespace deid::faceswap {

/// A face to be laid over its covered region. rgb: CV_8UC3, with colours everywhere; alpha: CV_8UC1, 255 =
/// all swap. On the face alpha is 255; it is less only where something dark or of another colour (hair, a
/// beard, a mark) lies on the forehead or on the rim from the temples down to the jaw (never between brows
/// and lips, nor on the chin), where a hand lies in front, and beyond the face.
struct Picture {
  cv::Mat rgb{}, alpha{};
};

/// Draws what the painter brings on a face: in its light and sharpness, with its own open mouth and, when
/// asked, its own eyes where the painter has none; the forehead goes on up to where hair begins. original:
/// CV_8UC3 of the frame before it was covered, its top left corner at `at` (frame px); crop: of the whole
/// frame, for a painter that looks beyond `original`; landmarks: 468, frame px, finite. Threads: one at a
/// time for one `memory`. Throws std::invalid_argument on landmarks that are not 468 or not finite, and what
/// the painter throws. An alpha that is all 0 comes back when nothing of the face looks at the viewer.
Picture draw(Painter& painter, const cv::Mat& original, cv::Point at,
             const std::vector<cv::Point3f>& landmarks, const DrawOptions& options, Memory& memory,
             const CropFrame& crop = {});

} // namespace deid::faceswap
