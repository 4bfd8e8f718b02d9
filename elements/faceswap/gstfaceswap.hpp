#pragma once
#include <gst/gst.h>

/// The element faceswap replaces every face by a target's, over its blur. The plugin registers it as
/// "faceswap" and "deidfaceswap".
GType gst_deid_face_swap_get_type();
