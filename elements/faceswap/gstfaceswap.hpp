#pragma once
#include <gst/gst.h>

/// faceswap: replaces every face by a target's, over its blur. Registered by the plugin as "faceswap" and
/// "deidfaceswap".
GType gst_deid_face_swap_get_type();
