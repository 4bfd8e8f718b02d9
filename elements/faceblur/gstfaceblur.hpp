#pragma once
#include <gst/gst.h>

/// faceblur: makes every face unrecognisable. Registered by the plugin as "faceblur" and "deidfaceblur".
GType gst_deid_face_blur_get_type();
