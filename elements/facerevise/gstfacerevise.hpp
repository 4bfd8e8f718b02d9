#pragma once
#include <glib-object.h>

/// facerevise: adds, takes away and hardens regions as a person said. See docs/facerevise.md.
GType gst_deid_face_revise_get_type();
