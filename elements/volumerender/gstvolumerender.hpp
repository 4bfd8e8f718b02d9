#pragma once
#include <gst/gst.h>

/// volumerender: draws a scan's surface from several sides, a frame of GRAY8 video a side.
/// The plugin registers it as "volumerender" and "deidvolumerender".
GType gst_deid_volume_render_get_type();
