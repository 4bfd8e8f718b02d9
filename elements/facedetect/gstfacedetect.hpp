#pragma once
#include <glib-object.h>

/// facedetect: finds every face, changes no pixel, attaches face regions and the stamp that detection ran.
/// See docs/facedetect.md.
GType gst_deid_face_detect_get_type();
