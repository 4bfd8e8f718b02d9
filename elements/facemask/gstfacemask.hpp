#pragma once
#include <gst/gst.h>

/// facemask: covers every face with one colour. The plugin registers it as "facemask" and "deidfacemask".
GType gst_deid_face_mask_get_type();
