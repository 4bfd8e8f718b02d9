#pragma once
#include "elements/video/frame_view.hpp"
#include <gst/video/video.h>

/// Every format our elements work on in place; use it in pad templates.
#define DEID_VIDEO_FORMATS "{ I420, YV12, NV12, BGR, RGB, BGRx, RGBx, xBGR, xRGB, BGRA, RGBA, GRAY8 }"

namespace deid {

/// How frames of this kind lie in memory, without data. Throws ElementError (CORE NEGOTIATION) on a format
/// that is not ours, and on buffers that hold several pictures or single fields.
video::FrameView describe(const GstVideoInfo& info);

} // namespace deid
