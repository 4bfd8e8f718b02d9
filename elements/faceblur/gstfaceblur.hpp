#pragma once
#include <gst/gst.h>

/// faceblur: averages, blurs or pixelates every face. The plugin registers it as "faceblur" and
/// "deidfaceblur".
GType gst_deid_face_blur_get_type();
