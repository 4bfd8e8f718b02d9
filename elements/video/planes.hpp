#pragma once
#include "elements/video/frame_view.hpp"

namespace deid::video {

/// Returns the number of planes of a layout: planar420 3, nv12 2, packed and gray 1.
int plane_count(Layout layout);

/// Returns plane `index` as an image that shares the frame's memory: CV_8UC1 (Y, U, V, gray), CV_8UC2 (UV of
/// nv12) or CV_8UC3/4 (packed). Plane 0 has the frame's size, chroma (width + 1) / 2 x (height + 1) / 2.
/// Throws std::invalid_argument on an invalid frame (no data, size < 1, pixel_stride not 3 or 4).
cv::Mat plane(const FrameView& frame, int index);

} // namespace deid::video
