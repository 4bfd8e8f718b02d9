#pragma once
#include "elements/video/frame_view.hpp"
#include <gst/video/video.h>

/// All formats that our elements process in place, for pad templates.
#define DEID_VIDEO_FORMATS "{ I420, YV12, NV12, BGR, RGB, BGRx, RGBx, xBGR, xRGB, BGRA, RGBA, GRAY8 }"

namespace deid {

/// Returns the memory layout of such frames, without data. Throws ElementError (CORE NEGOTIATION) on a format
/// that we do not support, and on buffers with several pictures or single fields.
video::FrameView describe(const GstVideoInfo& info);

} // namespace deid
