#pragma once
#include <glib-object.h>

/// posedetect: finds people and their body points and attaches them. It changes no pixel unless `draw` is
/// set. See docs/posedetect.md.
GType gst_deid_pose_detect_get_type();
