#pragma once
#include "elements/faceswap/drawing/painter.hpp"

namespace deid::faceswap {

/// Draws the painter's face on a person's face, in the person's light and sharpness. The person's own open
/// mouth stays, and the own eyes when asked, where the painter draws neither. The forehead goes up to where
/// hair begins. chain.cpp lists the stages. original: CV_8UC3 of the frame before it was covered, with its
/// top left corner at `at` (frame px). landmarks: 468, frame px, finite. crop: of the whole frame, for a
/// painter that reads beyond `original`. Around the face the frame comes back when asked. Returns an alpha
/// that is all 0 when no part of the face looks at the viewer. Throws std::invalid_argument on landmarks that
/// are not 468 or not finite, and whatever the painter throws. Thread: one at a time for one `memory`.
Picture draw(Painter& painter, const cv::Mat& original, cv::Point at, const Points& landmarks,
             const DrawOptions& options, Memory& memory, const CropFrame& crop = {});

} // namespace deid::faceswap
