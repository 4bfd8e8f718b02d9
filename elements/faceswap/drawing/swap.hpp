#pragma once
#include "elements/faceswap/drawing/painter.hpp"

namespace deid::faceswap {

/// A face to be laid over its covered region. rgb: CV_8UC3, with colours everywhere. alpha: CV_8UC1, 255 =
/// swap alone. Alpha is 255 on the face. It is less beyond the face, under a hand, and where something dark
/// or of another colour (hair, a beard, a mark) lies on the forehead or on the rim from the temples to the
/// jaw. It is never less between brows and lips, nor on the chin, unless a hand lies there.
struct Picture {
  cv::Mat rgb{}, alpha{};
};

/// Draws the painter's face on a person's face, in the person's light and sharpness. The person's own open
/// mouth stays, and the own eyes when asked, where the painter draws neither. The forehead goes up to where
/// hair begins. original: CV_8UC3 of the frame before it was covered, with its top left corner at `at` (frame
/// px). landmarks: 468, frame px, finite. crop: of the whole frame, for a painter that reads beyond
/// `original`. Returns an alpha that is all 0 when no part of the face looks at the viewer. Throws
/// std::invalid_argument on landmarks that are not 468 or not finite, and whatever the painter throws.
/// Thread: one at a time for one `memory`.
Picture draw(Painter& painter, const cv::Mat& original, cv::Point at,
             const std::vector<cv::Point3f>& landmarks, const DrawOptions& options, Memory& memory,
             const CropFrame& crop = {});

} // namespace deid::faceswap
