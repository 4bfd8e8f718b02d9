#pragma once
#include <glib-object.h>

/// posedetect: finds people and their body points, changes no pixel (unless told to draw), attaches them.
/// See docs/posedetect.md.
GType gst_deid_pose_detect_get_type();
